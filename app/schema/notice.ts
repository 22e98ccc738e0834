import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, Id, Seq } from './common';
import type { Decoded } from './decode';
import { ClientMsgId } from './message';
import { serverContents } from './content';
import { App } from './user';

export const SendNotice = Closed({
  app: Type.Optional(App),
  to: Type.Union([
    Type.Literal('all', { description: 'every user of the tenant' }),
    Closed({ userIds: Type.Array(Id, { minItems: 1, maxItems: 1000, uniqueItems: true }) }),
  ]),
  clientMsgId: about(ClientMsgId, 'the same one again is the same notice'),
  ...serverContents.notice.properties,
});
export type SendNotice = Decoded<typeof SendNotice>;

export const SentNotice = Closed({
  notices: Type.Array(
    Closed({ userId: Type.Optional(about(Id, 'absent when it is to all')), conversationId: Id, seq: Seq }),
  ),
});
export type SentNotice = Static<typeof SentNotice>;
