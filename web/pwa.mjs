import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const ICON = join(import.meta.dirname, '../app/public/icon.svg');
const SIZES = [180, 192, 512];
/** Of the paper under the page, light. */
const BACKGROUND = '#f6f3ee';

/**
 * Makes the page one that can be installed, and that opens without a network: icons, a manifest, and a worker of the browser that keeps
 * all the files of this build.
 */
export function installable() {
  const shown = new Map();
  return {
    name: 'installable',
    apply: 'build',
    async buildStart() {
      const source = readFileSync(ICON);
      for (const size of SIZES) {
        const inner = Math.round(size * 0.72);
        const egg = await sharp(source, { density: 900 }).resize(inner, inner).toBuffer();
        const canvas = { width: size, height: size, channels: 4, background: BACKGROUND };
        const picture = await sharp({ create: canvas })
          .composite([{ input: egg }])
          .png()
          .toBuffer();
        shown.set(size, this.emitFile({ type: 'asset', name: `icon-${size}.png`, source: picture }));
      }
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) => {
        const icon = Object.keys(bundle).find(name => name.startsWith('assets/icon-180'));
        return [
          { tag: 'link', attrs: { rel: 'manifest', href: '/manifest.webmanifest' } },
          { tag: 'link', attrs: { rel: 'apple-touch-icon', href: `/${icon}` } },
        ];
      },
    },
    generateBundle(_options, bundle) {
      const icons = SIZES.slice(1).map(size => ({
        src: `/${this.getFileName(shown.get(size))}`,
        sizes: `${size}x${size}`,
        type: 'image/png',
        // The egg is well within the part of it that every system shows.
        purpose: 'any maskable',
      }));
      const names = { name: 'egg-im', short_name: 'egg-im', id: '/', start_url: '/', scope: '/' };
      const look = { display: 'standalone', background_color: BACKGROUND, theme_color: BACKGROUND, icons };
      const manifest = JSON.stringify({ ...names, ...look });
      this.emitFile({ type: 'asset', fileName: 'manifest.webmanifest', source: manifest });
      const files = ['/', '/manifest.webmanifest', '/public/icon.svg', ...assetsOf(bundle)];
      this.emitFile({ type: 'asset', fileName: 'worker.js', source: workerOf(files) });
    },
  };
}

const assetsOf = bundle =>
  Object.keys(bundle)
    .filter(name => name.startsWith('assets/'))
    .map(name => `/${name}`)
    .sort();

/** The worker, with what it keeps. Its text is another one after each build that has changed anything. */
function workerOf(files) {
  const source = readFileSync(join(import.meta.dirname, 'worker.js'), 'utf8');
  const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12);
  return `const VERSION = '${version}';\nconst FILES = ${JSON.stringify(files)};\n${source}`;
}
