import '../../app/lib/media/inspect/lowest_priority';
import { attacks } from './attacks';
import type { World } from './world';

/*
 * The process of one attacker: it gets the world and the name of its attack, and goes on until it is killed. An attacker has a machine
 * of their own: what this one needs for itself, it takes of what the service and the people leave.
 */
process.on('message', ({ name, world }: { name: string; world: World }) => {
  attacks[name](world).catch((error: unknown) => console.error(name, error));
});

process.once('disconnect', () => process.exit());
