import type { Uploader } from './media/upload.js';
import type { Dial } from './net/connection.js';
import type { Http } from './net/http.js';
import type { Session } from './protocol.js';
import type { KeyValues } from './session/storage.js';
import type { OpenStore } from './store/store.js';

/** What a client is made with: `url` alone, in a browser. */
export interface ClientOptions {
  /** Where the server is, such as `https://chat.example.com`. */
  readonly url: string;
  /** Tenant. Default: that of the server. */
  readonly app?: string;
  readonly platform?: 'web' | 'ios' | 'android' | 'desktop' | 'mini' | 'other';
  /**
   * Gives a session of the user, which a server of one's own has got by logging in: asked by `start` when none is kept, and when its
   * access token has ended. What it throws is tried again, unless it is an ImError that is not `retryable`.
   */
  readonly session?: () => Promise<Session>;
  /** Language of the sentences in failures, such as `zh-CN`. */
  readonly lang?: string;
  /** Which session of this installation, where several are kept side by side. Default: `egg-im`. */
  readonly slot?: string;
  /** Where messages are kept. Default: IndexedDB where there is one, else memory. */
  readonly store?: OpenStore;
  /** Where the tokens are kept. Default: localStorage in browsers, else memory. */
  readonly storage?: KeyValues;
  /** Whether store and storage are shared with other tabs. Default: where both are the browser's. */
  readonly shared?: boolean;
  /** `io` of socket.io-client 2.x, 3.x or 4.x. Default: that of 4.x. */
  readonly io?: Dial;
  /** More options for `io`. */
  readonly socket?: object;
  /** Makes requests. Default: by `fetch`. */
  readonly http?: Http;
  /** Brings files to the server. Default: in parts, from a Blob. */
  readonly uploader?: Uploader;
  /** Told what happens, for logs. */
  readonly log?: (event: string, about: unknown) => void;
}
