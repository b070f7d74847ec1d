// Starts the wasm, and speaks where it cannot: no WebAssembly, no secure context, a fault.
// Plain JavaScript outside the Yew root, so that nothing here depends on the instance that may have failed.

const byId = (id) => document.getElementById(id);
const names = document.querySelector("script[data-wasm]").dataset;

function trouble(id) {
  byId("boot-trouble").hidden = byId(id).hidden = false;
}

// Text of every store of the journal (or of one session), written by the same code whether the player lives or not.
// Read by `platform/rescue.rs`.
globalThis.enduring = {
  journalText: async (session) => (await import("./rescue.js")).journalText(session),
};

// --- Left, and perhaps come back to ------------------------------------------------------------------------------

// A page that is left may be frozen for the Back button. WebKit freezes it with its transactions open, and then no page
// of this site gets at the database again; so what is open is ended, and connections with it. Nothing that was shown as
// saved is lost by that. A page that comes back begins anew, as after any other interruption.
let left = false;
const databases = new Set();
const transactions = new Set();
const { transaction: begin } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (...how) {
  const transaction = begin.apply(this, how);
  databases.add(this);
  transactions.add(transaction);
  for (const end of ["complete", "abort"]) transaction.addEventListener(end, () => transactions.delete(transaction));
  return transaction;
};

addEventListener("pagehide", ({ persisted }) => {
  if (!persisted) return;
  left = true;
  for (const transaction of transactions) {
    try {
      transaction.abort();
    } catch {
      // It is being committed, which needs this page no more.
    }
  }
  for (const database of databases) database.close();
}, true);
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }, true);

// --- The one panic path -----------------------------------------------------------------------------------------

let dead = false;

function crash(report) {
  if (dead) return;
  dead = true;
  // With panic = "abort" the instance would go on taking calls in a state that nobody vouches for: end what could call it.
  for (let id = setTimeout(() => {}); id > 0; id--) clearTimeout(id); // Intervals share the numbers.
  for (let id = requestAnimationFrame(() => {}); id > 0; id--) cancelAnimationFrame(id);
  byId("crash-report").textContent = `${report}\n${location.hash}\n${new Date().toISOString()}\n${navigator.userAgent}`;
  byId("crash").showModal();
}

const actions = {
  reload: () => location.reload(),
  copy: async () => {
    await navigator.clipboard.writeText(byId("crash-report").textContent);
    return "Copied.";
  },
  save: async () => {
    const text = await globalThis.enduring.journalText();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = `enduring-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
    return "Saved to a file.";
  },
};

// A dead player hears of nothing any more, and one that is left of nothing but its end.
// Capturing on window comes first of all listeners; registered before the wasm, these see every event before it does.
for (const type of [
  "click", "keydown", "keyup", "input", "change", "submit", "focusin", "focusout", "pointerdown", "pointerup",
  "hashchange", "popstate", "online", "offline", "visibilitychange", "pagehide", "pageshow", "message", "cancel",
]) {
  addEventListener(type, (event) => {
    const action = event.target.closest?.("[data-crash]")?.dataset.crash;
    if (type === "click" && action) {
      Promise.resolve(actions[action]()).then(
        (done) => { if (done) byId("crash-done").textContent = done; },
        (error) => { byId("crash-done").textContent = `That did not work: ${error.message}`; },
      );
    }
    if (!dead && !left) return;
    event.stopImmediatePropagation();
    if (type === "cancel") event.preventDefault(); // Escape does not close the dialog.
  }, true);
}

// From the panic hook; the other two catch traps that run no hook, such as an exhausted stack.
addEventListener("enduring-panic", (event) => crash(event.detail));
addEventListener("error", ({ error }) => { if (error instanceof WebAssembly.RuntimeError) crash(error.stack); });
addEventListener("unhandledrejection", ({ reason }) => {
  if (reason instanceof WebAssembly.RuntimeError) crash(reason.stack);
});

// --- Start ------------------------------------------------------------------------------------------------------

async function start() {
  const missing = Object.entries({
    "Web Crypto": globalThis.crypto?.subtle,
    "service workers": navigator.serviceWorker,
    "Web Locks": navigator.locks,
  }).filter(([, there]) => !there).map(([name]) => name);
  if (!globalThis.crypto?.subtle) {
    byId("boot-missing").textContent = missing.join(", ");
    return trouble("boot-insecure");
  }
  if (typeof WebAssembly !== "object") return trouble("boot-wasm");
  try {
    const wasm = fetch(names.wasm); // Beside the glue, not after it.
    // The browser gets its databases out meanwhile, which takes it longer than to open one.
    indexedDB.databases?.().catch(() => {});
    const glue = await import(names.js);
    await glue.default({ module_or_path: wasm });
  } catch (error) {
    if (dead) return;
    console.error(error);
    trouble(error instanceof WebAssembly.CompileError ? "boot-wasm" : "boot-network");
    byId("boot-rescue").hidden = false;
  }
}

// After the start, so that the first visit does not share its line with the precache.
function keepOffline() {
  if (!navigator.serviceWorker) return;
  const url = new URL("sw.js", document.baseURI).href;
  const policy = globalThis.trustedTypes?.createPolicy("sw", { createScriptURL: () => url });
  navigator.serviceWorker.register(policy ? policy.createScriptURL("") : url).catch((error) => console.warn(error));
}

await start();
keepOffline();
