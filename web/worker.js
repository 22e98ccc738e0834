/* global VERSION, FILES */

/*
 * Keeps the files of the page, so that it opens without a network. What people have written and read the page keeps by itself. A newer
 * build takes over when no tab shows the older one any more: until then that finds its own files here.
 */

const NAME = `egg-im-${VERSION}`;
/** How long the network may take to give the page, before the one that is kept is shown. */
const PATIENCE_MS = 3000;

self.addEventListener('install', event => {
  event.waitUntil(caches.open(NAME).then(cache => cache.addAll(FILES)));
});

self.addEventListener('activate', event => {
  const old = async () => {
    const names = await caches.keys();
    await Promise.all(
      names.filter(name => name.startsWith('egg-im-') && name !== NAME).map(name => caches.delete(name)),
    );
  };
  event.waitUntil(old());
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname === '/') event.respondWith(newest(request));
  else if (FILES.includes(pathname)) event.respondWith(kept(pathname).then(found => found ?? fetch(request)));
});

const kept = path => caches.open(NAME).then(cache => cache.match(path));

/** The page of the network, where there is one: after an upgrade it is another. */
async function newest(request) {
  const late = new Promise((_resolve, reject) => setTimeout(reject, PATIENCE_MS));
  try {
    return await Promise.race([fetch(request), late]);
  } catch {
    return (await kept('/')) ?? Response.error();
  }
}
