// Keeps the app shell on the device. `cargo xtask precache` writes the line above this one when the player is built:
// VERSION, which names this build, and SHELL, every file of it with its digest.
// Packs are not here: they live in IndexedDB, digest-checked, and this worker lets their requests through.
// Nor is anything of an intake (`api/`): what became of a record is asked anew each time.
/* global VERSION, SHELL */

const FILES = new Set(SHELL.map(([file]) => file));
const PREFIX = "enduring-shell-";
const CACHE = PREFIX + VERSION;
// Answers of the network worth having again offline; never mixed with the shell.
const DEPLOYMENT = "enduring-deployment";

// A name with the digest of the bytes: what the browser has of it is what the page has just fetched.
const NAMED = /-[0-9a-f]{12,16}(_bg)?\.\w+$/;

// Whole or not at all: one failed or differing file fails the installation, and the running version stays.
// No skipWaiting here: a new version never takes over a page by itself.
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const fetched = (named) => cache.addAll(SHELL.map(([file, integrity]) =>
      new Request(file, { cache: NAMED.test(file) ? named : "reload", integrity })));
    try {
      await fetched("default").catch(() => fetched("reload"));
    } catch (error) {
      await caches.delete(CACHE);
      throw error;
    }
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

// Sent by `platform/worker.rs` when the learner accepts "update ready".
self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const path = url.href.slice(registration.scope.length);
  if (request.mode === "navigate") {
    // Documents beside the player (an audit page, a certificate) are not the shell.
    const page = path.split(/[?#]/, 1)[0];
    if (page === "" || page === "index.html") event.respondWith(shell("./", request));
  } else if (path === "deployment.json") {
    event.respondWith(fresh(request));
  } else if (FILES.has(path)) {
    event.respondWith(shell(request, request));
  }
});

// From this build's cache. The network only where the browser threw the cache away under a running worker.
async function shell(key, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(key)) ?? fetch(request);
}

// From the network, and from the last answer without one.
async function fresh(request) {
  const cache = await caches.open(DEPLOYMENT);
  try {
    const answer = await fetch(request);
    // Where there is no room for it, the page has it all the same.
    if (answer.ok) await cache.put(request, answer.clone()).catch(() => {});
    return answer.ok ? answer : (await cache.match(request)) ?? answer;
  } catch (error) {
    const kept = (await cache.match(request)) ?? (await caches.match(request));
    if (kept) return kept;
    throw error;
  }
}
