// Starts the wasm, and speaks where it cannot: no WebAssembly, no secure context, a fault.
// Plain JavaScript outside the Yew root, so that nothing here depends on the instance that may have failed.

const byId = (id) => document.getElementById(id);
const names = document.querySelector("script[data-wasm]").dataset;

// This script does not wait for the page that it speaks on.
const parsed = document.readyState === "loading"
  ? new Promise((resolve) => { addEventListener("DOMContentLoaded", resolve, { once: true }); })
  : Promise.resolve();

async function trouble(id, missing = "") {
  await parsed;
  byId("boot-missing").textContent = missing;
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

// --- The part of the wasm that comes later ----------------------------------------------------------------------

// Of the same build, so of the same name. `platform/late.rs` asks for it; `first` are the exports of the first part.
const lateUrl = names.wasm.replace(/-(\w+)_bg\.wasm$/, "-late-$1.wasm");
// Longer than the slowest line that anything can be used over takes.
const PATIENCE = 90_000;
let compiling = null;
let bringing = null;
let placed = false;

async function compile() {
  const ending = new AbortController();
  setTimeout(() => ending.abort(), PATIENCE);
  const ask = (cache) => fetch(lateUrl, { cache, signal: ending.signal });
  let answer = await ask("default");
  if (!answer.ok) answer = await ask("reload"); // It may be an old failure that the browser keeps.
  if (!answer.ok) throw new Error(`${lateUrl}: ${answer.status}`);
  const streams = answer.headers.get("content-type")?.startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}

// What failed is tried again by whoever asks next.
function compiled() {
  compiling ??= compile().catch((error) => {
    compiling = null;
    throw error;
  });
  return compiling;
}

let tell;
const came = new Promise((resolve) => { tell = resolve; });

function done() {
  placed = true;
  bringing = Promise.resolve();
  tell();
}

Object.assign(globalThis.enduring, {
  came: () => came,
  late: (first) => {
    // Not at once: older engines make no instance of this size while the page waits.
    bringing ??= compiled().then((module) => WebAssembly.instantiate(module, { 1: first })).then(done, (error) => {
      bringing = null;
      throw error;
    });
    return bringing;
  },
  // A call that nobody waited for: the page stands still until it is here, rather than fail.
  lateNow: (first) => {
    if (placed) return;
    document.documentElement.dataset.lateNow = "";
    console.warn(new Error("called before it was waited for").stack);
    const request = new XMLHttpRequest();
    request.open("GET", lateUrl, false);
    request.overrideMimeType("text/plain; charset=x-user-defined"); // Bytes, which a request that is waited for gives as text.
    request.send();
    if (request.status !== 200) throw new WebAssembly.RuntimeError(`${lateUrl}: ${request.status}`);
    const bytes = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
    new WebAssembly.Instance(new WebAssembly.Module(bytes), { 1: first });
    done();
  },
});

// --- Asked ahead ------------------------------------------------------------------------------------------------

// What the first page of a first visit asks the server for, asked beside the wasm instead of after it. Each answer is
// handed out once, by `platform/net.rs`.
const ahead = new Map();
let early = true;

function ask(path) {
  const url = new URL(path, document.baseURI).href;
  const ending = new AbortController();
  const answer = fetch(url, { signal: ending.signal });
  answer.catch(() => {}); // Whoever it is handed to hears of it.
  ahead.set(url, { answer, ending });
  return answer;
}

async function askAhead() {
  const deployment = await (await ask("deployment.json")).clone().json();
  if (early) deployment.catalogues.forEach(ask);
}

globalThis.enduring.fetch = (request) => {
  const asked = request.method === "GET" && ahead.get(request.url);
  if (!asked) return fetch(request);
  ahead.delete(request.url);
  // Whoever waits for it says for how long.
  request.signal.addEventListener("abort", () => asked.ending.abort());
  return asked.answer;
};

// --- Start ------------------------------------------------------------------------------------------------------

// The pages that come first, by their addresses.
const atHome = ["", "#", "#/"].includes(location.hash);
const atLibrary = /^#\/(library|activity)\b/.test(location.hash);

async function start() {
  const missing = Object.entries({
    "Web Crypto": globalThis.crypto?.subtle,
    "service workers": navigator.serviceWorker,
    "Web Locks": navigator.locks,
  }).filter(([, there]) => !there).map(([name]) => name);
  if (!globalThis.crypto?.subtle) {
    return trouble("boot-insecure", missing.join(", "));
  }
  if (typeof WebAssembly !== "object") return trouble("boot-wasm");
  try {
    // Beside the glue, not after it. Asked for as the page preloads it, so that it is one request.
    const wasm = fetch(names.wasm, { mode: "no-cors", credentials: "include" });
    if (atLibrary && !navigator.serviceWorker?.controller) askAhead().catch(() => {});
    if (!atLibrary && !atHome) compiled().catch(() => {});
    // The browser gets its databases out meanwhile, which takes it longer than to open one.
    indexedDB.databases?.().catch(() => {});
    const glue = await import(names.js);
    await parsed;
    const styles = document.querySelector("body link[rel=stylesheet]");
    // One that failed before this line is not waited for: the page is complete then, or will be.
    if (!styles.sheet && document.readyState !== "complete") {
      await new Promise((resolve) => {
        styles.onload = styles.onerror = resolve;
        addEventListener("load", resolve);
      });
    }
    return await glue.default({ module_or_path: wasm });
  } catch (error) {
    if (dead) return;
    console.error(error);
    await trouble(error instanceof WebAssembly.CompileError ? "boot-wasm" : "boot-network");
    byId("boot-rescue").hidden = false;
  }
}

// Resolves when there is something to read, or after a while.
function readable() {
  const root = document.documentElement;
  return new Promise((resolve) => {
    const look = () => { if (root.dataset.ready) resolve(); };
    new MutationObserver(look).observe(root, { attributes: true, attributeFilter: ["data-ready"] });
    look();
    setTimeout(resolve, 5000);
  });
}

// After the start, so that the first visit does not share its line with the precache.
function keepOffline() {
  if (!navigator.serviceWorker) return;
  const url = new URL("sw.js", document.baseURI).href;
  const policy = globalThis.trustedTypes?.createPolicy("sw", { createScriptURL: () => url });
  navigator.serviceWorker.register(policy ? policy.createScriptURL("") : url).catch((error) => console.warn(error));
}

const first = await start();
await readable();
early = false;
ahead.clear();
if (first) {
  const rest = globalThis.enduring.late(first).catch((error) => console.warn(error));
  await Promise.race([rest, new Promise((resolve) => { setTimeout(resolve, 20_000); })]);
}
keepOffline();
