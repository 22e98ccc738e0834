/*
 * The script that other sites load: it puts a button into a corner of their page, and the chat page into a frame behind it. It is no
 * module and has no dependency, so that any site can have it by one element.
 */

export interface ChatOptions {
  /** A session of the site's user, which the site's own server has got by logging in. Asked again when its token has ended. */
  session(): Promise<object>;
  /** Anything that tells the site's users apart, so that one never sees what is kept of another. */
  user: string;
  /** Whom the user writes to; without it the whole list is shown. */
  with?: { userId: string } | { conversationId: string };
  /** What the button is called. */
  label?: string;
}

export interface Chat {
  open(): void;
  close(): void;
  /** Takes the button away, with all that belongs to it. */
  remove(): void;
}

const script = document.currentScript as HTMLScriptElement;
const origin = new URL(script.src).origin;

const STYLE = `
  button { all: unset; position: fixed; inset: auto 20px 20px auto; width: 56px; height: 56px; border-radius: 50%; cursor: pointer;
    background: #ad4f08; color: #fff; box-shadow: 0 4px 16px #0004; display: grid; place-items: center; z-index: 2147483646 }
  button:focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px }
  svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round }
  span { position: absolute; inset: -4px -4px auto auto; min-width: 20px; padding: 0 5px; box-sizing: border-box; border-radius: 10px;
    background: #c2410c; font: 600 12px/20px system-ui, sans-serif; text-align: center }
  iframe { position: fixed; inset: auto 20px 88px auto; width: 380px; height: min(640px, calc(100dvh - 108px)); border: 0;
    border-radius: 16px; box-shadow: 0 8px 32px #0005; background: #f6f3ee; z-index: 2147483647 }
  [hidden] { display: none }
  @media (width < 480px) { iframe { inset: 0; width: 100%; height: calc(100dvh - 88px); border-radius: 0 } }
`;
const ICON = 'M4 5h16v11H9l-5 4z';

/** Puts the button into the page. */
export function chat(options: ChatOptions): Chat {
  const host = document.body.appendChild(document.createElement('egg-im-chat'));
  const root = host.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  root.adoptedStyleSheets = [style];
  const button = root.appendChild(buttonOf(options.label ?? 'Chat'));
  const unread = button.appendChild(document.createElement('span'));
  unread.hidden = true;
  let frame: HTMLIFrameElement | undefined;

  const show = (isShown: boolean) => {
    frame ??= root.insertBefore(frameOf(options), button);
    frame.hidden = !isShown;
    button.setAttribute('aria-expanded', String(isShown));
    if (isShown) frame.focus();
    else button.focus();
  };
  const listen = ({ source, origin: from, data }: MessageEvent<{ eggIm?: string; total?: number }>) => {
    if (!frame || source !== frame.contentWindow || from !== origin) return;
    if (data.eggIm === 'session') void give(frame, options);
    if (data.eggIm === 'close') show(false);
    if (data.eggIm !== 'unread') return;
    unread.textContent = String(data.total);
    unread.hidden = !data.total;
  };
  window.addEventListener('message', listen);
  button.addEventListener('click', () => show(frame === undefined || frame.hidden));
  return {
    open: () => show(true),
    close: () => show(false),
    remove: () => {
      window.removeEventListener('message', listen);
      host.remove();
    },
  };
}

/** Answers the frame that asks for a session. */
async function give(frame: HTMLIFrameElement, options: ChatOptions): Promise<void> {
  const answer = await options.session().then(
    session => ({ session }),
    (error: unknown) => ({ error: String(error) }),
  );
  frame.contentWindow?.postMessage({ eggIm: 'session', ...answer }, origin);
}

function buttonOf(label: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.setAttribute('aria-label', label);
  button.setAttribute('aria-expanded', 'false');
  const svg = button.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'path')).setAttribute('d', ICON);
  return button;
}

function frameOf({ user, with: whom, label = 'Chat' }: ChatOptions): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  const path = whom === undefined ? '/' : 'userId' in whom ? `/u/${whom.userId}` : `/c/${whom.conversationId}`;
  frame.src = `${origin}/embed?user=${encodeURIComponent(user)}#${path}`;
  frame.title = label;
  frame.allow = 'microphone; clipboard-write';
  return frame;
}
