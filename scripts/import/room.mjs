import { conversationOf, userOf } from './rows.mjs';

/** As many rows as are named. */
const NAMED = 20;

/**
 * Refuses a database that does not fit in whole: two of its rows would get one id, or one account, or somebody else has it here.
 * What was imported before is in nobody's way. Writes nothing.
 */
export async function requireRoom(source, target) {
  await look('user', userOf, source, target);
  await look('group', conversationOf, source, target);
}

async function look(kind, make, source, target) {
  const taken = new Map();
  for await (const rows of source.pages(kind)) {
    const made = rows.map(row => make(row, source, target.app));
    refuse(made.flatMap((row, index) => twins(kind, row, rows[index].id, taken)));
    await requireRoomFor(kind, made, target);
  }
}

/** Which row of the old database has had a name of this one before it. @param {Map<string, string>} taken */
function twins(kind, row, uuid, taken) {
  return namesOf(row).flatMap(name => {
    const other = taken.get(name);
    taken.set(name, uuid);
    return other ? [`the ${kind}s ${other} and ${uuid} of the old database would both have the ${name}`] : [];
  });
}

/** @param {'user' | 'group'} kind @param {object[]} rows as they are to be written */
export async function requireRoomFor(kind, rows, target) {
  const found = await (kind === 'user' ? target.users(rows) : target.conversations(rows));
  const here = new Map(found.flatMap(each => namesOf(each).map(name => [name, each])));
  refuse(
    rows.flatMap(row => {
      const [taken] = namesOf(row).filter(name => here.has(name));
      // What has its id already has everything else: the account may be another one's by now.
      return taken === undefined || isSame(row, here.get(taken))
        ? []
        : [`the ${taken}, which a ${kind} of the old database would have, is somebody else's here`];
    }),
  );
}

/** What no two rows may have, the id first. */
function namesOf({ id, account, app }) {
  return [`id ${id}`, ...(account === undefined ? [] : [`account ${account} of the tenant ${app}`])];
}

/** Whether it is what an earlier run has made of a row. */
function isSame(row, known) {
  const isOf = column => known[column] === row[column];
  return ['id', 'app', 'type'].every(isOf) && known.created_at.getTime() === row.created_at.getTime();
}

function refuse(clashes) {
  if (clashes.length === 0) return;
  const rest = clashes.length > NAMED ? [`and ${clashes.length - NAMED} more`] : [];
  throw new Error(
    [
      'Not imported, because something of it would be lost:',
      ...clashes.slice(0, NAMED),
      ...rest,
      'Another run needs the --app and the --zone of the first. See docs/protocols/first-system.md.',
    ].join('\n  '),
  );
}
