import { createContext, runInContext } from 'node:vm';

type Sdk = typeof import('egg-im-client') &
  typeof import('egg-im-client/mini-program') &
  typeof import('egg-im-client/sqlite');

let script: Promise<string> | undefined;

/** The client as one script, which every runtime can load, and which makes it known as `sdk`. */
export const sdkScript = () => (script ??= bundled());

async function bundled(): Promise<string> {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({ input: `${__dirname}/whole_sdk.mjs`, platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', name: 'sdk' });
  return output[0].code;
}

/** The client where nothing is but the language itself, timers and what is given: no global of Node.js. */
export async function sdkIn(globals: object): Promise<Sdk> {
  const timers = { setTimeout, clearTimeout, setInterval, clearInterval };
  const context = createContext({ ...timers, ...globals });
  return runInContext(`${await sdkScript()}; sdk`, context) as Sdk;
}
