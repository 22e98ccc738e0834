import assert from 'node:assert/strict';
import { batchOf } from '../../../app/lib/writer/batch';
import { MemberCache } from '../../../app/lib/message/members';
import { CommitQueue } from '../../../app/lib/queue/commit_queue';

const MEGABYTE = 1 << 20;

/** A cache in which every conversation has so many members. */
class MembersOfSize extends MemberCache {
  constructor(private readonly members: number) {
    super();
  }

  override size(): number {
    return this.members;
  }
}

interface Given {
  readonly conversationId?: number;
  /** characters of the content */
  readonly size?: number;
  readonly extra?: string | null;
}

const sendOf = ({ conversationId = 1, size = 2, extra = null }: Given = {}) => ({
  conversationId,
  content: 'x'.repeat(size),
  extra,
});

/** Which of these sends fit into one batch, where every conversation has so many members. */
function fitting(members: number, sends: readonly Given[]): boolean[] {
  const fits = batchOf(new MembersOfSize(members))();
  return sends.map(each => fits(sendOf(each)));
}

const times = <T>(howMany: number, item: (index: number) => T) => Array.from({ length: howMany }, (_, i) => item(i));

describe('a batch of sends', () => {
  it('holds five hundred messages, and not one more', () => {
    const fits = fitting(
      2,
      times(501, () => ({})),
    );
    assert.equal(fits.indexOf(false), 500);
  });

  it('holds two megabytes of content, and not one character more', () => {
    assert.deepEqual(fitting(2, [{ size: MEGABYTE }, { size: MEGABYTE }]), [true, true]);
    assert.deepEqual(fitting(2, [{ size: MEGABYTE }, { size: MEGABYTE + 1 }]), [true, false]);
  });

  it('counts an extra like the content', () => {
    const extra = 'y'.repeat(MEGABYTE);
    assert.deepEqual(fitting(2, [{ size: MEGABYTE - 2 }, { size: 2, extra }]), [true, true]);
    assert.deepEqual(fitting(2, [{ size: MEGABYTE - 2 }, { size: 3, extra }]), [true, false]);
  });

  it('holds sixty-four megabytes of copies, a copy for each member', () => {
    const half = MEGABYTE / 32;
    assert.deepEqual(fitting(1024, [{ size: half }, { size: half }]), [true, true]);
    assert.deepEqual(fitting(1024, [{ size: half }, { size: half + 1 }]), [true, false]);
    assert.deepEqual(fitting(1023, [{ size: half }, { size: half + 1 }]), [true, true]);
  });

  it('holds the copies of each message to a conversation, though its members are counted once', () => {
    const size = MEGABYTE / 256;
    const fits = fitting(
      4096,
      times(5, () => ({ size })),
    );
    assert.deepEqual(fits, [true, true, true, true, false]);
  });

  it('writes to twenty thousand recipients, and to none beyond', () => {
    const conversations = (howMany: number) => times(howMany, index => ({ conversationId: index + 1 }));
    assert.deepEqual(fitting(10_000, conversations(2)), [true, true]);
    assert.deepEqual(fitting(10_001, conversations(2)), [true, false]);
    assert.deepEqual(fitting(10_000, conversations(3)), [true, true, false]);
  });

  it('counts the recipients of a conversation once, however many messages it gets', () => {
    const fits = fitting(
      20_000,
      times(500, () => ({ conversationId: 7 })),
    );
    assert.ok(fits.every(Boolean));
    assert.deepEqual(fitting(20_000, [{ conversationId: 7 }, { conversationId: 7 }, { conversationId: 8 }]), [
      true,
      true,
      false,
    ]);
  });

  it('takes a conversation that nobody has looked at for one of two hundred members', () => {
    const fits = batchOf(new MemberCache())();
    const answers = times(101, index => fits(sendOf({ conversationId: index + 1 })));
    assert.equal(answers.indexOf(false), 100);
  });

  it('begins with nothing counted', () => {
    const batch = batchOf(new MembersOfSize(20_000));
    for (let round = 0; round < 3; round++) assert.equal(batch()(sendOf({ conversationId: round })), true);
  });

  it('goes alone, and goes, when its first message is over every bound', async () => {
    const commits: number[][] = [];
    const queue = new CommitQueue<ReturnType<typeof sendOf>, number>({
      batch: batchOf(new MembersOfSize(30_000)),
      limit: 10,
      commit: sends => {
        commits.push(sends.map(each => each.conversationId));
        return Promise.resolve(sends.map(each => each.content.length));
      },
    });
    const sizes = [3 * MEGABYTE, 5, 6];
    const sent = sizes.map((size, index) => queue.submit(sendOf({ conversationId: index + 1, size })));
    assert.deepEqual(await Promise.all(sent), sizes);
    assert.deepEqual(commits, [[1], [2], [3]]);
  });
});
