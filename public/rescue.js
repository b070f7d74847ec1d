// The journal as the text of a file. Reads whatever version of the database is there, and changes nothing.
// Values are texts, event rows or bytes; bytes are written as {"base64url": …}. Device keys cannot leave and are left out.

const KEYLESS = "keys";

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function open() {
  const request = indexedDB.open("enduring-journal");
  let fresh = false;
  // Without this, asking for a journal that is not there would leave an empty one behind.
  request.onupgradeneeded = () => {
    fresh = true;
    request.transaction.abort();
  };
  try {
    return await done(request);
  } catch (error) {
    throw fresh ? new Error("nothing is saved on this device yet.") : error;
  }
}

function plain(_name, value) {
  if (!(value instanceof Uint8Array)) return value;
  let text = "";
  for (const byte of value) text += String.fromCharCode(byte);
  return { base64url: btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") };
}

// Of one session where its id is given, of everything otherwise.
export async function journalText(session) {
  const journal = await open();
  try {
    const names = [...journal.objectStoreNames].filter((name) => name !== KEYLESS);
    const transaction = journal.transaction(names, "readonly");
    const stores = {};
    for (const name of names) {
      const store = transaction.objectStore(name);
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
      stores[name] = keys
        .map((key, row) => [key, values[row]])
        .filter(([key]) => !session || (Array.isArray(key) ? key[0] : key) === session);
    }
    return JSON.stringify({ format: "enduring-journal/1", version: journal.version, stores }, plain);
  } finally {
    journal.close();
  }
}
