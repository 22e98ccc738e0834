import assert from 'node:assert/strict';
import {
  selectHistory,
  selectPinned,
  selectReactions,
  selectStarred,
  selectVisible,
  type HistoryRange,
  type StarPlace,
} from '../../../app/lib/message/reader';
import { groupOf } from '../../support/group';
import { people } from '../../support/person';
import { app } from '../../support/service';
import { rowsOf, store } from '../../support/stored';

const past = new Date(Date.now() - 60_000);
const future = new Date(Date.now() + 600_000);
const ALL = [1, 2, 3, 4, 5, 6, 7, 8];

const seqsOf = (rows: readonly { readonly seq: number }[]) => rows.map(row => row.seq);

/** A group with eight messages, and the ids of one who reads them and of another member. */
async function sceneOf() {
  const [ann, bob] = await people(2);
  const { id } = await groupOf([ann, bob]);
  await store(id, ...ALL.map(() => ({})));
  return { id, conversationId: Number(id), userId: Number(ann.id), otherId: Number(bob.id) };
}

type Scene = Awaited<ReturnType<typeof sceneOf>>;

/** What hides the fourth message from a user. */
const hidings: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  'has been deleted for all': ({ conversationId }) =>
    app.model.Message.update({ deletedAt: past }, { where: { conversationId, seq: 4 } }),
  'the user has deleted for themselves': ({ conversationId, userId }) =>
    app.model.MessageHidden.create({ conversationId, userId, seq: 4 }),
  'is out of date': ({ conversationId }) =>
    app.model.Message.update({ expiresAt: past }, { where: { conversationId, seq: 4 } }),
};
/** What does not hide the fourth message. */
const showings: typeof hidings = {
  'another has deleted for themselves': ({ conversationId, otherId }) =>
    app.model.MessageHidden.create({ conversationId, userId: otherId, seq: 4 }),
  'is not out of date yet': ({ conversationId }) =>
    app.model.Message.update({ expiresAt: future }, { where: { conversationId, seq: 4 } }),
  'has been recalled': ({ conversationId, userId }) =>
    app.model.Message.update({ recalledAt: past, recalledBy: userId }, { where: { conversationId, seq: 4 } }),
};
/** What hides all messages up to the fourth. */
const beginnings: typeof hidings = {
  'was there before the user joined': ({ conversationId, userId }) =>
    app.model.ConversationMember.update({ joinedSeq: 4 }, { where: { conversationId, userId } }),
  'the user has cleared away': ({ conversationId, userId }) =>
    app.model.ConversationMember.update({ clearedSeq: 4 }, { where: { conversationId, userId } }),
  'is purged, though its row is still there': ({ conversationId }) =>
    app.model.Conversation.update({ purgedSeq: 4 }, { where: { id: conversationId } }),
};

/** The ways to read single messages; each finds all eight when nothing hides them. */
const readings: Readonly<Record<string, (scene: Scene) => Promise<number[]>>> = {
  'messages by their places': async ({ userId, conversationId }) =>
    seqsOf(await rowsOf(selectVisible(userId, conversationId, [...ALL].reverse()))),
  'pinned messages': async ({ userId, conversationId }) => {
    const at = (seq: number) => new Date(past.getTime() - seq);
    await app.model.MessagePin.bulkCreate(ALL.map(seq => ({ conversationId, seq, byId: userId, createdAt: at(seq) })));
    return seqsOf(await rowsOf(selectPinned(userId, conversationId)));
  },
  'starred messages': async ({ userId, conversationId }) => {
    const at = (seq: number) => new Date(past.getTime() - seq);
    await app.model.MessageStar.bulkCreate(ALL.map(seq => ({ conversationId, seq, userId, createdAt: at(seq) })));
    return seqsOf(await rowsOf(selectStarred(userId, 100)));
  },
};

for (const [what, read] of Object.entries(readings)) {
  describe(`reading ${what}`, () => {
    it('finds them in order', async () => {
      assert.deepEqual(await read(await sceneOf()), ALL);
    });

    for (const [title, hide] of Object.entries(hidings)) {
      it(`passes over one that ${title}`, async () => {
        const scene = await sceneOf();
        await hide(scene);
        assert.deepEqual(await read(scene), [1, 2, 3, 5, 6, 7, 8]);
      });
    }

    for (const [title, show] of Object.entries(showings)) {
      it(`finds one that ${title}`, async () => {
        const scene = await sceneOf();
        await show(scene);
        assert.deepEqual(await read(scene), ALL);
      });
    }

    for (const [title, begin] of Object.entries(beginnings)) {
      it(`passes over what ${title}`, async () => {
        const scene = await sceneOf();
        await begin(scene);
        assert.deepEqual(await read(scene), [5, 6, 7, 8]);
      });
    }

    it('finds nothing for somebody who is no member', async () => {
      const scene = await sceneOf();
      const [eve] = await people(1);
      assert.deepEqual(await read({ ...scene, userId: Number(eve.id) }), []);
    });
  });
}

describe('reading the history', () => {
  const history = async (scene: Scene, range: Partial<HistoryRange> = {}, order: 'ASC' | 'DESC' = 'ASC') => {
    const { conversationId, userId } = scene;
    return seqsOf(await rowsOf(selectHistory(userId, { conversationId, above: 0, limit: 100, ...range }, order)));
  };

  it('finds a part from its beginning or its end, without the places that bound it', async () => {
    const scene = await sceneOf();
    assert.deepEqual(await history(scene, { above: 2, before: 7 }), [3, 4, 5, 6]);
    assert.deepEqual(await history(scene, { above: 2, before: 7 }, 'DESC'), [6, 5, 4, 3]);
    assert.deepEqual(await history(scene, { above: 2, before: 7, limit: 2 }), [3, 4]);
    assert.deepEqual(await history(scene, { above: 2, before: 7, limit: 2 }, 'DESC'), [6, 5]);
    assert.deepEqual(await history(scene, { above: 8 }), []);
    assert.deepEqual(await history(scene, { above: 7, before: 8 }), []);
  });

  for (const [title, hide] of Object.entries(hidings)) {
    it(`passes over one that ${title}, and the limit counts what is found`, async () => {
      const scene = await sceneOf();
      await hide(scene);
      assert.deepEqual(await history(scene, { above: 2, limit: 3 }), [3, 5, 6]);
      assert.deepEqual(await history(scene, { before: 6, limit: 3 }, 'DESC'), [5, 3, 2]);
    });
  }

  for (const [title, show] of Object.entries(showings)) {
    it(`finds one that ${title}`, async () => {
      const scene = await sceneOf();
      await show(scene);
      assert.deepEqual(await history(scene), ALL);
    });
  }

  it('begins after what is purged, whatever it is asked for', async () => {
    const scene = await sceneOf();
    await app.model.Conversation.update({ purgedSeq: 4 }, { where: { id: scene.conversationId } });
    assert.deepEqual(await history(scene), [5, 6, 7, 8]);
    assert.deepEqual(await history(scene, { above: 6 }), [7, 8]);
    assert.deepEqual(await history(scene, { before: 5 }), []);
  });
});

describe('reading stars page by page', () => {
  it('finds each once, the latest first, also where times are equal', async () => {
    const [one, other] = [await sceneOf(), await sceneOf()];
    const { userId } = one;
    await app.model.ConversationMember.create({ conversationId: other.conversationId, userId, joinedAt: past });
    const star = ({ conversationId }: Scene, seq: number, createdAt: Date) => ({
      userId,
      conversationId,
      seq,
      createdAt,
    });
    const stars = [star(one, 1, future), ...[2, 3].flatMap(seq => [star(one, seq, past), star(other, seq, past)])];
    await app.model.MessageStar.bulkCreate(stars);
    const found: [number, number][] = [];
    let after: StarPlace | undefined;
    for (let page = 0; page < 5; page++) {
      const [row] = await rowsOf(selectStarred(userId, 1, after));
      found.push([row.conversation_id, row.seq]);
      after = { at: row.starred_at, id: row.conversation_id, seq: row.seq };
    }
    const [low, high] = [one.conversationId, other.conversationId].sort((a, b) => a - b);
    assert.deepEqual(found, [
      [one.conversationId, 1],
      [high, 3],
      [high, 2],
      [low, 3],
      [low, 2],
    ]);
    assert.deepEqual(await rowsOf(selectStarred(userId, 1, after)), []);
  });

  it("finds the user's own alone", async () => {
    const { conversationId, userId, otherId } = await sceneOf();
    await app.model.MessageStar.create({ userId: otherId, conversationId, seq: 1 });
    assert.deepEqual(await rowsOf(selectStarred(userId, 100)), []);
  });
});

describe('reading reactions', () => {
  const at = (minute: number) => new Date(past.getTime() + minute * 60_000);

  it('finds those put there first in front, and names users in the order in which they reacted', async () => {
    const { conversationId } = await sceneOf();
    const put = (seq: number, reaction: string, userId: number, minute: number) => ({
      conversationId,
      seq,
      reaction,
      userId,
      createdAt: at(minute),
    });
    await app.model.MessageReaction.bulkCreate([
      put(1, 'late', 1, 5),
      put(1, 'early', 3, 1),
      put(1, 'early', 2, 3),
      put(1, 'early', 1, 3),
      put(2, 'between', 9, 2),
      put(3, 'elsewhere', 9, 0),
    ]);
    const rows = await rowsOf(
      selectReactions([
        [conversationId, 1],
        [conversationId, 2],
      ]),
    );
    assert.deepEqual(
      rows.map(row => [row.seq, row.reaction, row.total, row.user_ids]),
      [
        [1, 'early', 3, '3,1,2'],
        [2, 'between', 1, '9'],
        [1, 'late', 1, '1'],
      ],
    );
  });

  it('names a hundred users at most, and counts all', async () => {
    const { conversationId } = await sceneOf();
    const userIds = Array.from({ length: 101 }, (_, index) => 9_000_000_000_000_000 + index);
    const put = (userId: number) => ({ conversationId, seq: 1, reaction: 'ok', userId, createdAt: past });
    await app.model.MessageReaction.bulkCreate(userIds.map(put));
    const [{ total, user_ids }] = await rowsOf(selectReactions([[conversationId, 1]]));
    assert.equal(total, 101);
    assert.deepEqual(user_ids.split(',').map(Number), userIds.slice(0, 100));
  });
});
