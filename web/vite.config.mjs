import vue from '@vitejs/plugin-vue';
import { createRequire } from 'node:module';
import { defineConfig } from 'vite';
import { emoji } from './emoji.mjs';
import { installable } from './pwa.mjs';

/** What the service at the same origin answers in production. */
const SERVED = ['/api', '/socket.io', '/media', '/docs', '/public'];

export default defineConfig({
  root: import.meta.dirname,
  // Addresses in templates are those of the service.
  plugins: [vue({ template: { transformAssetUrls: false } }), emoji(), demo(), installable()],
  build: {
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    // The policy of the page forbids `data:` addresses.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});

/** The proxy to a service, for who changes the page. @param {string} target such as `http://127.0.0.1:7001` */
export const proxyTo = target =>
  Object.fromEntries(SERVED.map(path => [path, { target, ws: path === '/socket.io', changeOrigin: false }]));

/** What the service puts into the page, where Vite serves it. */
function demo() {
  return {
    name: 'demo',
    apply: 'serve',
    transformIndexHtml(html) {
      const accounts = createRequire(import.meta.url)('../database/demo.js');
      const content = encodeURIComponent(JSON.stringify(accounts));
      return html.replace('<!-- demo -->', `<meta name="demo" content="${content}" />`);
    },
  };
}
