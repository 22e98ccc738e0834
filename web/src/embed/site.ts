import type { Client, Session } from 'egg-im-client';

const ANSWER_MS = 15_000;

/** Whether another site shows the page in a frame. Which sites may, the service says. */
export const isEmbedded = location.pathname === '/embed' && window.parent !== window;

/** The slot of the site's user: the sessions of two users are apart, and from those of the page by itself. */
export function slotOfSite(): string {
  return `egg-im-embed:${new URLSearchParams(location.search).get('user') ?? ''}`;
}

/** Asks the site for a session. What is asked says nothing that a site may not know, and only the one around this frame is heard. */
export function sessionOfSite(): Promise<Session> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error('The site gives no session'))), ANSWER_MS);
    const listen = ({ source, data }: MessageEvent<{ eggIm?: string; session?: Session; error?: string }>) => {
      if (source !== window.parent || data.eggIm !== 'session') return;
      const { session } = data;
      end(() => (session ? resolve(session) : reject(new Error(data.error))));
    };
    const end = (settle: () => void) => {
      clearTimeout(timer);
      window.removeEventListener('message', listen);
      settle();
    };
    window.addEventListener('message', listen);
    tell({ eggIm: 'session' });
  });
}

/** Tells the site how much is unread, and that the user wants to go on with it. */
export function tellSite(client: Client): void {
  client.unread.subscribe(({ total }) => tell({ eggIm: 'unread', total }));
  window.addEventListener('keydown', ({ key, defaultPrevented }) => {
    if (key === 'Escape' && !defaultPrevented) tell({ eggIm: 'close' });
  });
}

function tell(what: object): void {
  window.parent.postMessage(what, '*');
}
