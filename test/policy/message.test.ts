import assert from 'node:assert/strict';
import type { WriteFacts } from '../../app/policy/conversation';
import {
  editDenial,
  forwardDenial,
  mentionDenial,
  recallDenial,
  receiptDenial,
  removalDenial,
  removalPlaceDenial,
  sendDenial,
  type EditFacts,
  type RecallFacts,
  type SendFacts,
} from '../../app/policy/message';
import type { ErrorCode } from '../../app/schema/errors';
import { membersOf, pairOf } from '../support/members';

type Case<T> = readonly [title: string, facts: T, denial: ErrorCode | undefined];

const now = new Date('2026-01-31T09:30:00.000Z');
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
const inGroup: WriteFacts = {
  userId: 3,
  now,
  type: 'group',
  muteAll: false,
  friendsOnly: false,
  members: membersOf(),
};
const text = { senderId: 3, type: 'text', sentAt: now, recalledAt: null };

describe('the rule of what may be sent', () => {
  const common = { answersUnseen: false, mentions: [], mentionAll: false, lastSeq: 20, unanswered: 20 };
  const plain: SendFacts = { ...inGroup, ...common };
  const toStranger: SendFacts = { ...plain, userId: 1, type: 'single', members: pairOf({ writers: new Set([1]) }) };
  const cases: readonly Case<SendFacts>[] = [
    ['a member sends a message', plain, undefined],
    ['a member who may not write sends nothing', { ...plain, muteAll: true }, 'MUTED'],
    [
      'the right to write comes before the flaws of a message',
      { ...plain, muteAll: true, answersUnseen: true, mentions: [5], mentionAll: true },
      'MUTED',
    ],
    ['no message answers one that its sender may not see', { ...plain, answersUnseen: true }, 'MESSAGE_NOT_FOUND'],
    ['a message mentions members', { ...plain, mentions: [1, 4] }, undefined],
    ['no message mentions a stranger', { ...plain, mentions: [1, 5] }, 'INVALID_INPUT'],
    [
      'a mention of a stranger is refused before a mention of all',
      { ...plain, mentions: [5], mentionAll: true },
      'INVALID_INPUT',
    ],
    ['a plain member does not mention all', { ...plain, mentionAll: true }, 'FORBIDDEN'],
    ['an admin mentions all', { ...plain, userId: 2, mentionAll: true }, undefined],
    ['the owner mentions all', { ...plain, userId: 1, mentionAll: true }, undefined],
    [
      'nobody mentions all in a single conversation',
      { ...plain, userId: 1, type: 'single', members: pairOf(), mentionAll: true, lastSeq: 0 },
      'FORBIDDEN',
    ],
    ['a stranger is sent the last message that they need not answer', { ...toStranger, lastSeq: 19 }, undefined],
    ['a stranger who has not answered is sent no more', toStranger, 'NOT_ANSWERED'],
    ['who has answered is sent more', { ...toStranger, members: pairOf({ writers: new Set([1, 2]) }) }, undefined],
    ['who is answered goes on', { ...toStranger, userId: 2 }, undefined],
    ['a friend need not answer', { ...toStranger, members: pairOf({ friends: true }) }, undefined],
    ['nobody need answer where there is no limit', { ...toStranger, unanswered: 0 }, undefined],
    ['nobody need answer themselves', { ...toStranger, members: membersOf({ ids: [1] }) }, undefined],
    [
      'a block is refused before a missing answer',
      { ...toStranger, members: pairOf({ blockers: new Set([2]) }) },
      'BLOCKED',
    ],
  ];
  for (const [title, facts, denial] of cases) it(title, () => assert.equal(sendDenial(facts), denial));
});

describe('the rule of mentions', () => {
  it('only members can be mentioned', () => {
    assert.equal(mentionDenial([], membersOf()), undefined);
    assert.equal(mentionDenial([1, 2, 3, 4], membersOf()), undefined);
    assert.equal(mentionDenial([4, 5], membersOf()), 'INVALID_INPUT');
  });
});

describe('the rule of edits', () => {
  const own: EditFacts = { ...inGroup, message: text, editSeconds: 60 };
  const by = (senderId: number) => ({ ...text, senderId });
  const cases: readonly Case<EditFacts>[] = [
    ['senders edit their own texts', own, undefined],
    ['nobody edits the text of another', { ...own, message: by(4) }, 'FORBIDDEN'],
    ['not even the owner edits the text of another', { ...own, userId: 1, message: by(4) }, 'FORBIDDEN'],
    ['nobody edits a message of the server', { ...own, message: by(0) }, 'FORBIDDEN'],
    ['only texts are edited', { ...own, message: { ...text, type: 'image' } }, 'INVALID_INPUT'],
    [
      'a message of another is refused before its type is looked at',
      { ...own, message: { ...by(4), type: 'image' } },
      'FORBIDDEN',
    ],
    ['a sender who may not write any more does not edit', { ...own, muteAll: true }, 'MUTED'],
    [
      'the type is refused before a mute',
      { ...own, muteAll: true, message: { ...text, type: 'image' } },
      'INVALID_INPUT',
    ],
    ['a text is edited until its time is over', { ...own, message: { ...text, sentAt: ago(60_000) } }, undefined],
    ['a text is not edited later', { ...own, message: { ...text, sentAt: ago(60_001) } }, 'TOO_LATE'],
    [
      'a mute is refused before the time',
      { ...own, muteAll: true, message: { ...text, sentAt: ago(60_001) } },
      'MUTED',
    ],
    [
      'owner and admins have no more time than others',
      { ...own, userId: 1, message: { ...by(1), sentAt: ago(60_001) } },
      'TOO_LATE',
    ],
  ];
  for (const [title, facts, denial] of cases) it(title, () => assert.equal(editDenial(facts), denial));
});

describe('the rule of recalls', () => {
  const common = { now, members: membersOf(), isSenderOwner: false, recallSeconds: 120 };
  const own: RecallFacts = { ...common, userId: 3, message: text };
  const byAdmin: RecallFacts = { ...own, userId: 2 };
  const sent = (milliseconds: number, rest: Partial<RecallFacts['message']> = {}) => ({
    message: { ...text, sentAt: ago(milliseconds), ...rest },
  });
  const cases: readonly Case<RecallFacts>[] = [
    ['senders recall their own message', own, undefined],
    ['senders recall messages of every type', { ...own, ...sent(0, { type: 'image' }) }, undefined],
    ['a sender recalls until the time is over', { ...own, ...sent(120_000) }, undefined],
    ['a sender does not recall later', { ...own, ...sent(120_001) }, 'TOO_LATE'],
    ['a sender may repeat a recall at any time', { ...own, ...sent(120_001, { recalledAt: ago(1) }) }, undefined],
    ['a plain member does not recall what another wrote', { ...own, userId: 4 }, 'FORBIDDEN'],
    [
      'a plain member does not repeat the recall of another',
      { ...own, userId: 4, ...sent(0, { recalledAt: ago(1) }) },
      'FORBIDDEN',
    ],
    ['an admin recalls what a member wrote', byAdmin, undefined],
    ['an admin recalls at any time', { ...byAdmin, ...sent(120_001) }, undefined],
    ['an admin recalls their own at any time', { ...byAdmin, ...sent(120_001, { senderId: 2 }) }, undefined],
    ['an admin does not recall what the owner wrote', { ...byAdmin, isSenderOwner: true }, 'FORBIDDEN'],
    ['nobody recalls what the server wrote', { ...byAdmin, ...sent(0, { senderId: 0 }) }, 'FORBIDDEN'],
    ['the owner recalls what an admin wrote', { ...own, userId: 1, ...sent(120_001, { senderId: 2 }) }, undefined],
    [
      'the owner recalls their own at any time',
      { ...own, userId: 1, isSenderOwner: true, ...sent(120_001, { senderId: 1 }) },
      undefined,
    ],
    [
      'nobody in a single conversation recalls what the other wrote',
      { ...own, userId: 1, members: pairOf(), ...sent(0, { senderId: 2 }) },
      'FORBIDDEN',
    ],
    [
      'a sender in a single conversation recalls until the time is over',
      { ...own, userId: 1, members: pairOf(), ...sent(120_001, { senderId: 1 }) },
      'TOO_LATE',
    ],
  ];
  for (const [title, facts, denial] of cases) it(title, () => assert.equal(recallDenial(facts), denial));
});

describe('the rule of deleting for both sides', () => {
  it('only a single conversation has two sides', () => {
    assert.equal(removalPlaceDenial('single'), undefined);
    assert.equal(removalPlaceDenial('group'), 'FORBIDDEN');
    assert.equal(removalPlaceDenial('system'), 'FORBIDDEN');
  });

  it('everybody deletes only what they wrote themselves', () => {
    assert.equal(removalDenial(1, [{ senderId: 1 }, { senderId: 1 }]), undefined);
    assert.equal(removalDenial(1, [{ senderId: 1 }, { senderId: 2 }]), 'FORBIDDEN');
    assert.equal(removalDenial(1, [{ senderId: 0 }]), 'FORBIDDEN');
  });
});

describe('the rule of forwarding', () => {
  it('messages of users may be forwarded', () => {
    assert.equal(forwardDenial([text, { ...text, senderId: 4 }]), undefined);
  });

  it('neither a message of the server nor a recalled one may be among them', () => {
    assert.equal(forwardDenial([text, { ...text, senderId: 0 }]), 'FORBIDDEN');
    assert.equal(forwardDenial([text, { ...text, recalledAt: now }]), 'FORBIDDEN');
  });
});

describe('the rule of receipts', () => {
  it('nobody asks who has got a notice', () => {
    assert.equal(receiptDenial({ type: 'notice' }), 'FORBIDDEN');
  });

  it('the receipts of all other messages may be asked for', () => {
    for (const type of ['text', 'image', 'merged', 'system']) assert.equal(receiptDenial({ type }), undefined);
  });
});
