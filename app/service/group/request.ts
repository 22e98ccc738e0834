import { Service } from 'egg';
import { Op, type Transaction, type WhereOptions } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { AppError, assertAllowed } from '../../schema/errors';
import { presentCards } from '../../presenter/card';
import { presentGroupRequest, type GroupRequestRow as Row } from '../../presenter/group_request';
import { rightDenial } from '../../policy/group';
import {
  answerableKind,
  answerDenial,
  joinOutcome,
  requestReceivers,
  reviewDenial,
  type RequestFacts,
} from '../../policy/group_request';
import { roleOf } from '../../policy/roles';
import type { GroupRequestModel } from '../../model/group_request';
import type { GroupRequest, Joined } from '../../schema/group';
import { pageOf, type Page } from '../../schema/page';
import type { GroupScene } from './group';

type Where = WhereOptions<GroupRequestModel>;

/** A page of a list, as a call asks for it. */
interface PageOf {
  readonly cursor?: string;
  readonly limit: number;
}

const DAY_MS = 86_400_000;

/** Who asks to join a group, and who is invited: one of each kind for a user and a group, the latest. */
export default class GroupRequestService extends Service {
  /**
   * Into an open group, or one that has invited the actor; else it is asked for. A member stays one. Throws
   * CONVERSATION_NOT_FOUND, FORBIDDEN, GROUP_FULL.
   */
  async join(actor: Actor, id: number, words?: string): Promise<Joined> {
    const { userId } = actor;
    return this.service.transaction.run(async tools => {
      const scene = await this.service.group.group.lock(tools, actor.app, id);
      if (scene.members.index.has(userId)) return { joined: true };
      const invitation = await this.find(scene, userId, 'invitation');
      const outcome = joinOutcome(scene.group.joinPolicy, invitation && factsOf(invitation, scene));
      if (outcome === 'enter') {
        await this.service.group.member.enter(scene, [userId], userId, 'joined');
        return { joined: true };
      }
      if (outcome !== 'ask') throw new AppError(outcome);
      const [request] = await this.ask(scene, 'join', [userId], null, words);
      return { joined: false, request };
    });
  }

  /**
   * Members are passed over. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN, USER_NOT_FOUND, BLOCKED, GROUP_FULL
   * when there is no room for all of them.
   */
  async invite(actor: Actor, id: number, userIds: readonly number[], words?: string): Promise<GroupRequest[]> {
    await this.service.group.member.requireUsers(actor, userIds);
    return this.service.group.group.runIn(actor, id, 'admit', async scene => {
      const { members, transaction } = scene;
      const invited = userIds.filter(userId => !members.index.has(userId));
      if (invited.length === 0) return [];
      await this.service.contact.block.requireWelcome(actor.userId, invited, transaction);
      this.service.group.member.requireRoom(members.ids.length + invited.length);
      return this.ask(scene, 'invitation', invited, actor.userId, words);
    });
  }

  /**
   * The own invitation, or the request to join of somebody else. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN,
   * REQUEST_NOT_FOUND, GROUP_FULL, after which it can still be answered.
   */
  async answer(actor: Actor, id: number, userId: number, answer: 'accept' | 'reject'): Promise<GroupRequest> {
    const kind = answerableKind(actor.userId, userId);
    return this.service.transaction.run(async tools => {
      const scene = await this.service.group.group.lock(tools, actor.app, id);
      const { group, members } = scene;
      assertAllowed(reviewDenial(kind, roleOf(actor.userId, group.ownerId, members)));
      const row = await this.find(scene, userId, kind);
      if (!row) throw new AppError('REQUEST_NOT_FOUND');
      assertAllowed(answerDenial(answer, factsOf(row, scene), group.joinPolicy));
      const event = kind === 'invitation' ? 'joined' : 'added';
      if (answer === 'accept') await this.service.group.member.enter(scene, [userId], actor.userId, event);
      else await this.close(scene, { groupId: id, userId, kind }, 'rejected');
      const status = answer === 'accept' ? 'accepted' : 'rejected';
      return (await this.present([{ ...row, status }], tools.transaction))[0];
    });
  }

  /** What these have asked or were invited to is accepted, now that they are members. */
  async settle(scene: GroupScene, userIds: readonly number[]): Promise<void> {
    await this.close(scene, waiting({ groupId: scene.group.id, userId: [...userIds] }), 'accepted');
  }

  /** The users who wait to become members. */
  async listWaiting(groupId: number, transaction: Transaction): Promise<number[]> {
    const { GroupRequest } = this.app.model;
    const where = waiting({ groupId });
    const rows = await GroupRequest.findAll({ where, attributes: ['userId'], transaction, raw: true });
    return rows.map(row => row.userId);
  }

  /** What waits for an answer, the latest first. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN. */
  async listOf(actor: Actor, groupId: number, page: PageOf): Promise<Page<GroupRequest>> {
    const { role } = await this.service.conversation.conversation.membership(actor, groupId, 'group');
    assertAllowed(rightDenial(role, 'review'));
    return this.list(waiting({ groupId }), 'userId', page);
  }

  /** The actor's, also those that are answered, the latest first. */
  async listOwn({ userId }: Actor, page: PageOf): Promise<Page<GroupRequest>> {
    return this.list({ userId }, 'groupId', page);
  }

  /** Index: group_request PRIMARY of a group, group_request_user of a user; the rest of either is sorted. */
  private async list(where: Where, id: 'userId' | 'groupId', { cursor, limit }: PageOf): Promise<Page<GroupRequest>> {
    const rows = await this.app.model.GroupRequest.findAll({
      where: { [Op.and]: [where, afterCursor(id, cursor)] },
      order: [
        ['createdAt', 'DESC'],
        [id, 'DESC'],
        ['kind', 'DESC'],
      ],
      limit,
      raw: true,
    });
    const requests = await this.present(rows);
    return pageOf(requests, rows, limit, last => `${last.createdAt.getTime()}-${last[id]}-${last.kind}`);
  }

  /** Makes requests, or makes them anew, and tells. */
  private async ask(
    scene: GroupScene,
    kind: Row['kind'],
    userIds: readonly number[],
    byId: number | null,
    words: string | undefined,
  ): Promise<GroupRequest[]> {
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + this.app.config.im.requestDays * DAY_MS);
    const same = { groupId: scene.group.id, kind, byId, words: words ?? null, status: 'pending' as const };
    const rows = userIds.map(userId => ({ ...same, userId, createdAt, expiresAt }));
    await this.app.model.GroupRequest.bulkCreate(rows, {
      updateOnDuplicate: ['byId', 'words', 'status', 'createdAt', 'expiresAt'],
      transaction: scene.transaction,
    });
    return this.tell(scene, rows);
  }

  private async close(scene: GroupScene, where: Where, status: Row['status']): Promise<void> {
    const { GroupRequest } = this.app.model;
    const { transaction } = scene;
    const rows: Row[] = await GroupRequest.findAll({ where, transaction, raw: true });
    if (rows.length === 0) return;
    await GroupRequest.update({ status }, { where, transaction });
    await this.tell(
      scene,
      rows.map(row => ({ ...row, status })),
    );
  }

  /** Tells owner, admins, the user, and who has invited them. */
  private async tell({ group, members, transaction, tell }: GroupScene, rows: readonly Row[]): Promise<GroupRequest[]> {
    const requests = await this.present(rows, transaction);
    for (const [index, row] of rows.entries()) {
      const receiverIds = requestReceivers(row, members);
      tell({ type: 'group.request', receiverIds, conversationId: group.id, data: { request: requests[index] } });
    }
    return requests;
  }

  /** What waits for an answer. */
  private find({ group, transaction }: GroupScene, userId: number, kind: Row['kind']): Promise<Row | null> {
    const where = waiting({ groupId: group.id, userId, kind });
    return this.app.model.GroupRequest.findOne({ where, transaction, raw: true });
  }

  private async present(rows: readonly Row[], transaction?: Transaction): Promise<GroupRequest[]> {
    const { User, ChatGroup } = this.app.model;
    const card = { attributes: ['id', 'name', 'avatar'], transaction, raw: true };
    const userIds = new Set(rows.flatMap(({ userId, byId }) => [userId, ...(byId ? [byId] : [])]));
    const users = presentCards(await User.findAll({ where: { id: [...userIds] }, ...card }));
    const groupIds = new Set(rows.map(row => row.groupId));
    const groups = presentCards(await ChatGroup.findAll({ where: { id: [...groupIds] }, ...card }));
    return rows.flatMap(row => {
      const group = groups.get(row.groupId);
      // A group may be dissolved between the two looks.
      return group ? [presentGroupRequest(row, group, users)] : [];
    });
  }
}

/** Of those that can still be answered. */
function waiting(where: Partial<Pick<Row, 'groupId' | 'kind'>> & { userId?: number | number[] }): Where {
  return { ...where, status: 'pending', expiresAt: { [Op.gt]: new Date() } };
}

function factsOf({ kind, byId }: Row, { group, members }: GroupScene): RequestFacts {
  return { kind, inviterRole: roleOf(byId ?? 0, group.ownerId, members) };
}

/** What comes after a place of a list. Throws INVALID_INPUT. */
function afterCursor(id: 'userId' | 'groupId', cursor: string | undefined): Where {
  if (cursor === undefined) return {};
  const [, at, place, kind] = /^(\d{1,13})-(\d{1,16})-(join|invitation)$/.exec(cursor) ?? [];
  if (!at) throw new AppError('INVALID_INPUT', [{ path: '/cursor', message: 'not a cursor of this list' }]);
  const createdAt = new Date(Number(at));
  return {
    [Op.or]: [
      { createdAt: { [Op.lt]: createdAt } },
      { createdAt, [id]: { [Op.lt]: Number(place) } },
      { createdAt, [id]: Number(place), kind: { [Op.lt]: kind } },
    ],
  };
}
