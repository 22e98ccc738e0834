import { randomUUID } from 'node:crypto';
import type { Select } from '../../app/lib/database/statement';
import type { Draft, LockedConversation, PlacedMessage } from '../../app/lib/message/locked_conversation';
import type { ModelUnit } from '../../app/lib/engine';
import { app } from './service';

/** A text of user 1 that answers and mentions nobody. */
export function draft(given: Partial<Draft> = {}): Draft {
  return {
    clientMsgId: randomUUID(),
    senderId: 1,
    type: 'text',
    content: '{"text":"hello"}',
    replyTo: null,
    mentions: null,
    mentionAll: false,
    extra: null,
    ...given,
  };
}

/** Runs work in one transaction that has locked a conversation. */
export function locked<T>(
  id: string,
  work: (unit: ModelUnit, conversation: LockedConversation) => Promise<T> | T,
): Promise<T> {
  return app.engine.transact(async unit => work(unit, (await unit.find(Number(id)))!));
}

/** Puts messages into a conversation, one for each draft. */
export function store(id: string, ...given: readonly Partial<Draft>[]): Promise<PlacedMessage[]> {
  return locked(id, (unit, conversation) => {
    const placed = given.map(each => conversation.place(draft({ senderId: conversation.members.ids[0], ...each })));
    unit.append(conversation, placed);
    return placed;
  });
}

/** The rows of a SELECT. */
export async function rowsOf<Row>(statement: Select<Row>): Promise<Row[]> {
  const [rows] = await app.engine.database.query([statement]);
  return rows;
}
