import { Dice } from './dice';
import type { FuzzOptions } from './caller';
import { Lane } from './lane';
import { FuzzReport } from './report';
import { World } from './world';

const LANES = 8;

/** Makes calls of all kinds, by several people at once, and judges each answer by the contract. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { url, seed } = options;
  const world = await World.make(url, LANES, `fuzz${seed}-${Date.now().toString(36)}`);
  const report = new FuzzReport();
  let done = 0;
  const lanes = world.actors.map(
    (actor, index) => new Lane({ options, world, actor, dice: new Dice(seed * LANES + index), report }),
  );
  const { every = Infinity, tell } = options.onProgress ?? {};
  const run = async (lane: Lane) => {
    while (done < options.calls) {
      done++;
      if (done % every === 0) await tell?.(done);
      await lane.step();
    }
    lane.end();
  };
  await Promise.all(lanes.map(run));
  return report;
}
