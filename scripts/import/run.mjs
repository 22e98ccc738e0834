import { createConnection } from 'mysql2/promise';
import { importMessages } from './messages.mjs';
import { importFriends, importGroups, importUsers } from './people.mjs';
import { requireRoom } from './room.mjs';
import { Source } from './source.mjs';
import { Target } from './target.mjs';

const USAGE = 'npm run import -- mysql://user:password@host:port/database [--zone=+08:00] [--app=default]';

/** Takes the database of the first system of this kind into the one that DATABASE_URL names. */
export async function main() {
  const args = process.argv.slice(2);
  const [from] = args.filter(each => !each.startsWith('--'));
  const option = (name, fallback) =>
    args.find(each => each.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;
  const zone = option('zone', '+08:00');
  const to = process.env.DATABASE_URL;
  if (!from || !to || !/^[+-]\d\d:\d\d$/.test(zone)) throw new Error(`DATABASE_URL=mysql://… ${USAGE}`);
  const [source, target] = await Promise.all([
    createConnection({ uri: from, dateStrings: true }),
    createConnection({ uri: to, timezone: 'Z' }),
  ]);
  try {
    for (const [kind, { read, written }] of await importAll(
      new Source(source, zone),
      new Target(target, option('app', 'default')),
    ))
      console.log(`${kind}: ${read} read, ${written} new`);
  } finally {
    await Promise.all([source, target].map(each => each.end()));
  }
  return 0;
}

async function importAll(source, target) {
  await requireRoom(source, target);
  await importUsers(source, target);
  await importFriends(source, target);
  await importGroups(source, target);
  await importMessages(source, target);
  return target.report;
}
