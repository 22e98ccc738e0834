/** Has the browser keep the page, so that it opens without a network. Without this it works all the same, online. */
export function keepPage(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register('/worker.js').catch((error: unknown) => {
    console.warn('The page is not kept for when there is no network', error);
  });
}
