import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Cast } from './load';
import type { Device } from './device';

export interface Verdict {
  readonly acked: number;
  readonly stored: number;
  readonly given: number;
  /** What is wrong, the first offender first. */
  readonly offences: string[];
}

/** Where each person's stream ends, in the order of the people. */
export async function readStreamHeads(databaseUrl: string): Promise<number[]> {
  const connection = await createConnection(databaseUrl);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT last_seq FROM user_inbox ORDER BY user_id');
  await connection.end();
  return rows.map(row => row.last_seq as number);
}

/** Compares what the devices were promised and given with each other and with the tables. */
export async function judge(
  databaseUrl: string,
  cast: Cast,
  devices: readonly (readonly Device[])[],
): Promise<Verdict> {
  const connection = await createConnection(databaseUrl);
  const select = async (sql: string) => (await connection.query<RowDataPacket[]>(sql))[0];
  const offences = devices.flat().flatMap(device => device.offences);

  const messages = await select(
    'SELECT conversation_id, seq, sender_id, client_msg_id, count FROM message ORDER BY conversation_id, seq',
  );
  const stored = new Map(messages.map(row => [String(row.client_msg_id), `${row.conversation_id}:${row.seq}`]));
  if (stored.size !== messages.length) offences.push('a clientMsgId is stored twice');
  for (const [index, row] of messages.entries()) {
    const before = index > 0 ? messages[index - 1] : undefined;
    const expected = before && before.conversation_id === row.conversation_id ? Number(before.seq) + 1 : 1;
    if (row.seq !== expected)
      offences.push(`conversation ${row.conversation_id} has seq ${row.seq} where ${expected} belongs`);
  }

  const acked = devices.flat().flatMap(device => device.acked);
  for (const { clientMsgId, conversationId, seq } of acked) {
    if (stored.get(clientMsgId) !== `${conversationId}:${seq}`)
      offences.push(`acked ${clientMsgId} is not stored at ${conversationId}:${seq}`);
  }

  for (const [place, own] of devices.entries()) {
    const mine = cast.conversations.filter(each => each.members.includes(place)).map(each => each.id);
    const due = new Set(
      messages.filter(row => mine.includes(String(row.conversation_id))).map(row => String(row.client_msg_id)),
    );
    for (const device of own) offences.push(...inspect(device, due));
  }

  offences.push(...(await inspectStreams(select)));
  offences.push(...(await recount(select)));
  await connection.end();
  return {
    acked: acked.length,
    stored: messages.length,
    given: devices.flat().reduce((sum, each) => sum + each.given.length, 0),
    offences,
  };
}

/** Every message of the user's conversations exactly once, those of a conversation in the order of their seq. */
function inspect(device: Device, due: ReadonlySet<string>): string[] {
  const offences: string[] = [];
  const seen = new Set<string>();
  const last = new Map<string, number>();
  for (const { clientMsgId, conversationId, seq } of device.given) {
    if (seen.has(clientMsgId)) offences.push(`${device.name} was given ${clientMsgId} twice`);
    if (!due.has(clientMsgId)) offences.push(`${device.name} was given ${clientMsgId}, which is not for it`);
    const expected = (last.get(conversationId) ?? 0) + 1;
    if (seq !== expected) offences.push(`${device.name} was given ${conversationId}:${seq} where ${expected} belongs`);
    seen.add(clientMsgId);
    last.set(conversationId, seq);
  }
  for (const clientMsgId of due)
    if (!seen.has(clientMsgId)) offences.push(`${device.name} was never given ${clientMsgId}`);
  return offences;
}

type Select = (sql: string) => Promise<RowDataPacket[]>;

/** Each stream is 1, 2, 3 … up to its head. */
async function inspectStreams(select: Select): Promise<string[]> {
  const rows = await select(
    `SELECT user_id, last_seq, COUNT(sync_seq) AS entries, COALESCE(MAX(sync_seq), 0) AS last, COALESCE(MIN(sync_seq), 1) AS first
    FROM user_inbox LEFT JOIN push_history ON receiver_id = user_id GROUP BY user_id, last_seq`,
  );
  return rows
    .filter(row => [row.entries, row.last].some(each => Number(each) !== row.last_seq) || Number(row.first) !== 1)
    .map(
      row =>
        `the stream of ${row.user_id} has ${row.entries} entries up to ${row.last}, its inbox says ${row.last_seq}`,
    );
}

/** Unread as the tables hold it against a count of the messages that are unread. */
async function recount(select: Select): Promise<string[]> {
  const rows = await select(
    `SELECT m.conversation_id, m.user_id, c.count - m.read_count AS unread,
      (SELECT COUNT(*) FROM message WHERE conversation_id = m.conversation_id AND seq > m.read_seq) AS recount,
      (SELECT COUNT(*) FROM message WHERE conversation_id = m.conversation_id AND seq > m.read_seq AND sender_id = m.user_id) AS own
    FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id`,
  );
  return rows
    .filter(row => Number(row.unread) !== Number(row.recount) || Number(row.own) !== 0)
    .map(
      row =>
        `${row.user_id} has ${row.unread} unread in ${row.conversation_id}, a recount says ${row.recount}, ${row.own} of them their own`,
    );
}
