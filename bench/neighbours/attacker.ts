import { attacks } from './attacks';
import type { World } from './world';

/** The process of one attacker: it gets the world and the name of its attack, and goes on until it is killed. */
process.on('message', ({ name, world }: { name: string; world: World }) => {
  attacks[name](world).catch((error: unknown) => console.error(name, error));
});
