// The service worker: the site opens without a network, and says so. It keeps the shell, never anyone's data.
// The server replaces the version below by a hash over the site root, so that a new build is a new worker.

const VERSION = "__VERSION__";
const CACHE = `flowery-${VERSION}`;
const OFFLINE = "/offline.html";

// What must be there for the offline page. The names of code and style under /pkg are the build's affair: they are read
// out of the start page.
const SHELL = [
  OFFLINE,
  "/fonts/newsreader.woff2",
  "/fonts/newsreader-italic.woff2",
  "/fonts/figtree.woff2",
  "/icons/icon.svg",
  "/manifest.webmanifest",
];

// Kept as they come, beside /pkg. Nothing else ever enters the cache.
const KEPT = ["/fonts/", "/icons/"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      // Past the browser's own cache: a new version must not be filled with old files.
      await cache.addAll(SHELL.map((path) => new Request(path, { cache: "reload" })));
      // The code and style that the pages of this build name; without them the worker is still of use.
      await keepPackage(cache).catch(() => {});
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name.startsWith("flowery-") && name !== CACHE).map((name) => caches.delete(name)));
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === "/api" || url.pathname.startsWith("/api/")) return;
  if ((request.headers.get("accept") ?? "").includes("text/event-stream") || request.headers.has("range")) return;

  if (request.mode === "navigate") {
    event.respondWith(page(event));
  } else if (url.pathname.startsWith("/pkg/")) {
    event.respondWith(fresh(request));
  } else if (KEPT.some((folder) => url.pathname.startsWith(folder)) || SHELL.includes(url.pathname)) {
    event.respondWith(kept(request));
  }
});

// A page comes from the network, or it is the page that says that there is none. Pages are never kept: they are personal.
async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

// Code and style must be of the same build as the page that names them: the network first, the cache without one.
async function fresh(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok && response.type === "basic") await cache.put(request, response.clone());
    return response;
  } catch {
    return (await cache.match(request)) ?? Response.error();
  }
}

// A file that does not change within a version, from the cache; else from the network, and into the cache.
async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok && response.type === "basic") {
    await cache.put(request, response.clone());
  }
  return response;
}

// Reads the names of the files under /pkg out of the start page and keeps those files.
async function keepPackage(cache) {
  const response = await fetch("/", { cache: "no-store", credentials: "omit" });
  if (!response.ok) return;
  const names = (await response.text()).match(/\/pkg\/[\w.-]+\.(?:css|js|wasm)/g) ?? [];
  await Promise.all([...new Set(names)].map((name) => cache.add(new Request(name, { cache: "reload" })).catch(() => {})));
}
