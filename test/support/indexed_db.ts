import * as indexedDb from 'fake-indexeddb';

/** Within the `describe` that calls it there is IndexedDB, as in a browser. */
export function withIndexedDb(): void {
  const globals = Object.entries(indexedDb).filter(([name]) => /^IDB|^indexedDB$/.test(name));
  before(() => void Object.assign(globalThis, Object.fromEntries(globals)));
  after(() => globals.forEach(([name]) => Reflect.deleteProperty(globalThis, name)));
}
