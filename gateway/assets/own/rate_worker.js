// Opens the rater's page without a network. Kept are the empty page and its files, never a code, a ballot or an answer.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const file = new URL(url).pathname.startsWith("/assets/");
  if (method !== "GET" || (mode !== "navigate" && !file)) return;
  event.respondWith(fetch(event.request).catch(async () => (await caches.match(event.request, { ignoreSearch: true })) || Response.error()));
});
