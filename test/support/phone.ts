import type { Sqlite } from 'egg-im-client/sqlite';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Database } from 'node-sqlite3-wasm';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import WebSocket from 'ws';

/** What React Native has of browsers: no document, no storage of its own, no random numbers. */
const globals = {
  fetch: fetchOrRead,
  WebSocket,
  AbortController,
  Blob,
  TextEncoder,
  btoa,
  navigator: { product: 'ReactNative' },
};

/** `fetch` reads files as well there. */
async function fetchOrRead(target: string, init?: RequestInit): Promise<Response> {
  if (!target.startsWith('file:')) return fetch(target, init);
  return new Response(new Uint8Array(await readFile(fileURLToPath(target))));
}

/** A telephone with an application: what it keeps outlives the application. */
export class Phone {
  readonly globals = globals;
  readonly #texts = new Map<string, string>();
  #directory = '';

  /** AsyncStorage of the community's package. */
  readonly asyncStorage = {
    getItem: async (key: string) => setImmediate(this.#texts.get(key) ?? null),
    setItem: async (key: string, value: string) => {
      await setImmediate();
      this.#texts.set(key, value);
    },
    removeItem: async (key: string) => {
      await setImmediate();
      this.#texts.delete(key);
    },
  };

  async begin(): Promise<void> {
    this.#directory = await mkdtemp(join(tmpdir(), 'phone-'));
  }

  async end(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Opens a database, which answers later, as those of applications do. */
  readonly openDatabase = async (file: string): Promise<Sqlite> => {
    const database = new Database(join(this.#directory, file));
    return setImmediate({
      execute: async (statement, values) => {
        await setImmediate();
        return database.all(statement, values);
      },
      close: () => database.close(),
    });
  };

  /** Puts a file there. Resolves with its address. */
  async keep(name: string, content: Buffer): Promise<string> {
    const path = join(this.#directory, name);
    await writeFile(path, content);
    return pathToFileURL(path).href;
  }
}
