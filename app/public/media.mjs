/** Pictures, videos, voices and files of messages, at addresses that are good for a while. */
import { make } from './dom.mjs';

const MEDIA = ['image', 'video', 'voice', 'file'];
/** As large as a picture is shown at the most, in pixels. */
const WIDTH = 320;
const HEIGHT = 240;

/** Whether there is more to show of a message than words. */
export function hasMedia({ type, content, recalled }) {
  return !recalled && MEDIA.includes(type) && Boolean(content.url);
}

/**
 * What shows the file of a message.
 * @param {() => void} renew is called when its address is not good any more
 */
export function showMedia({ type, content }, renew) {
  const { url, name = '', thumbnailUrl } = content;
  if (type === 'image') {
    const picture = make('img', {
      src: thumbnailUrl ?? url,
      alt: name,
      loading: 'lazy',
      onerror: renew,
      ...sizeOf(content),
    });
    return link(content, renew, picture);
  }
  const player = { src: url, controls: true, preload: 'metadata', onerror: renew };
  if (type === 'video')
    return make('video', { ...player, ...sizeOf(content), ...(thumbnailUrl && { poster: thumbnailUrl }) });
  if (type === 'voice') return make('audio', player);
  return link(content, renew, make('strong', { textContent: name }), ` ${bytes(content.size)}`);
}

function link({ url }, renew, ...children) {
  const open = event => {
    if (!isOver(url)) return;
    event.preventDefault();
    renew();
  };
  return make('a', { href: url, target: '_blank', rel: 'noopener', onclick: open }, ...children);
}

/** An address says until when it is good, in seconds; those of other hosts do not. */
function isOver(url) {
  const until = new URL(url, location.href).searchParams.get('until');
  return until !== null && Number(until) * 1000 < Date.now();
}

/** Known before it is there, so that nothing moves when it comes. */
function sizeOf({ width, height }) {
  if (!width || !height) return {};
  const scale = Math.min(1, WIDTH / width, HEIGHT / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

function bytes(size) {
  if (size < 1000) return `${size} B`;
  return size < 1e6 ? `${Math.round(size / 1000)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}
