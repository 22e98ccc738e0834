import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world';

/** Attacks go on until they are killed, and take whatever answer they get. */
export type Attack = (world: World) => Promise<unknown>;

export const many = <T>(howMany: number, make: (index: number) => T): T[] =>
  Array.from({ length: howMany }, (_, at) => make(at));

/** Does something again and again, with a pause when it fails. */
export async function forEver(act: () => Promise<unknown>): Promise<never> {
  for (;;) await act().catch(() => sleep(50));
}
