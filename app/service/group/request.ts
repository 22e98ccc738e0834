import { Service } from 'egg';
import { Op, type Transaction, type WhereOptions } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { NOW } from '../../lib/database/sequelize';
import { chunks } from '../../lib/database/statement';
import type { GroupRequestModel } from '../../model/group_request';
import { rightDenial } from '../../policy/group';
import { requestShares, waitingDenial } from '../../policy/group_request';
import { CARD_COLUMNS, presentCards } from '../../presenter/card';
import {
  GROUP_COLUMNS,
  presentGroupRequest,
  presentRequestedGroup,
  type GroupRequestRow as Row,
} from '../../presenter/group_request';
import { assertAllowed, passOver } from '../../schema/errors';
import type { GroupRequest } from '../../schema/group';
import { pageOf, partsOf, type Page } from '../../schema/page';
import type { Card } from '../../schema/person';
import type { LockedGroup } from './access';

type Where = WhereOptions<GroupRequestModel>;

/** A page of a list, as a call asks for it. */
interface PageOf {
  readonly cursor?: string;
  readonly limit: number;
}

const DAY_MS = 86_400_000;
/** Requests of one entry: each may have a kilobyte of words and as much for each picture. */
const LISTED = 100;

/** Requests to join groups, and invitations. A user has at most one of each kind in a group, the latest. */
export default class GroupRequestService extends Service {
  /** What waits for an answer, the latest first. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN. */
  async listOf(actor: Actor, groupId: number, page: PageOf): Promise<Page<GroupRequest>> {
    const { role } = await this.service.conversation.access.membership(actor, groupId, 'group');
    assertAllowed(rightDenial(role, 'review'));
    return this.list(waiting({ groupId }), 'userId', page);
  }

  /** The actor's, also those that are answered, the latest first. */
  async listOwn({ userId }: Actor, page: PageOf): Promise<Page<GroupRequest>> {
    return this.list({ userId }, 'groupId', page);
  }

  /** The ids of the users who wait to become members. Index: group_request_waiting. */
  async listWaiting(groupId: number, transaction: Transaction): Promise<number[]> {
    const { GroupRequest } = this.app.model;
    const where = waiting({ groupId });
    // Of both kinds. There are more only in a group from before the limit.
    const limit = 2 * this.app.config.im.groupMaxRequests;
    const rows = await GroupRequest.findAll({ where, attributes: ['userId'], limit, transaction, raw: true });
    return rows.map(row => row.userId);
  }

  /** What waits for an answer. */
  find({ row, unit }: LockedGroup, userId: number, kind: Row['kind']): Promise<Row | null> {
    const where = waiting({ groupId: row.id, userId, kind });
    return this.app.model.GroupRequest.findOne({ where, transaction: unit.session.transaction, raw: true });
  }

  /** Those of the users who have asked to join. */
  async findAsking({ row, unit }: LockedGroup, userIds: readonly number[]): Promise<Set<number>> {
    const where = waiting({ groupId: row.id, userId: [...userIds], kind: 'join' });
    const { transaction } = unit.session;
    const rows = await this.app.model.GroupRequest.findAll({ where, attributes: ['userId'], transaction, raw: true });
    return new Set(rows.map(({ userId }) => userId));
  }

  /** Makes requests, or makes them anew, and tells. Throws LIMIT_REACHED when too many would wait for an answer. */
  async ask(
    group: LockedGroup,
    kind: Row['kind'],
    userIds: readonly number[],
    byId: number | null,
    words: string | undefined,
  ): Promise<GroupRequest[]> {
    await this.requirePlaces(group, kind, userIds);
    const { at: createdAt } = group.conversation;
    const expiresAt = new Date(createdAt.getTime() + this.app.config.im.requestDays * DAY_MS);
    const same = { groupId: group.row.id, kind, byId, words: words ?? null, status: 'pending' as const };
    const rows = userIds.map(userId => ({ ...same, userId, createdAt, expiresAt }));
    await this.app.model.GroupRequest.bulkCreate(rows, {
      updateOnDuplicate: ['byId', 'words', 'status', 'createdAt', 'expiresAt'],
      transaction: group.unit.session.transaction,
    });
    return this.record(group, rows);
  }

  /** Places among what waits for an answer, where those who have one already take none. Index: group_request_waiting. */
  private async requirePlaces(
    { row, unit }: LockedGroup,
    kind: Row['kind'],
    userIds: readonly number[],
  ): Promise<void> {
    const limit = this.app.config.im.groupMaxRequests;
    const others = { [Op.and]: [waiting({ groupId: row.id, kind }), { userId: { [Op.notIn]: [...userIds] } }] };
    const { transaction } = unit.session;
    const requests = (await this.app.model.GroupRequest.count({ where: others, transaction })) + userIds.length;
    assertAllowed(waitingDenial(requests, limit), { LIMIT_REACHED: { limit } });
  }

  /** What these have asked or were invited to is accepted, now that they are members. */
  settle(group: LockedGroup, userIds: readonly number[]): Promise<void> {
    return this.close(group, waiting({ groupId: group.row.id, userId: [...userIds] }), 'accepted');
  }

  /** The request of a user is answered so. */
  reject(group: LockedGroup, userId: number, kind: Row['kind']): Promise<void> {
    return this.close(group, { groupId: group.row.id, userId, kind }, 'rejected');
  }

  /** Takes away what a user has asked or was invited to; what still waits is rejected first. */
  async withdrawAll(actor: Actor): Promise<void> {
    const { GroupRequest } = this.app.model;
    const { userId } = actor;
    // Index: group_request_user.
    const rows = await GroupRequest.findAll({
      where: { userId },
      attributes: ['groupId', 'kind', 'status'],
      raw: true,
    });
    for (const { groupId, kind, status } of rows) {
      const where = { groupId, userId, kind };
      if (status === 'pending')
        await this.service.group.access
          .runAny(actor, groupId, group => this.reject(group, userId, kind))
          .catch(passOver('CONVERSATION_NOT_FOUND'));
      await GroupRequest.destroy({ where });
    }
  }

  /** A request to a locked group as clients see it. */
  async present(group: LockedGroup, row: Row): Promise<GroupRequest> {
    return presentGroupRequest(row, presentRequestedGroup(group.row), await this.cardsOf([row], group));
  }

  private async close(group: LockedGroup, where: Where, status: Row['status']): Promise<void> {
    const { GroupRequest } = this.app.model;
    const { transaction } = group.unit.session;
    const rows: Row[] = await GroupRequest.findAll({ where, transaction, raw: true });
    if (rows.length === 0) return;
    await GroupRequest.update({ status }, { where, transaction });
    const closed = rows.map(row => ({ ...row, status }));
    await this.record(group, closed);
  }

  /** Tells owner, admins, the users, and those who have invited them: each in few entries, whatever the number of requests. */
  private async record(group: LockedGroup, rows: readonly Row[]): Promise<GroupRequest[]> {
    const { unit, conversation } = group;
    const users = await this.cardsOf(rows, group);
    const requests = rows.map(row => presentGroupRequest(row, presentRequestedGroup(group.row), users));
    for (const { receiverIds: concerned, indices } of requestShares(rows, conversation.members)) {
      // Who invited may have deleted the account since.
      const receiverIds = concerned.filter(id => !users.get(id)?.deleted);
      for (const part of chunks(indices, LISTED)) {
        const data = { requests: part.map(index => requests[index]) };
        unit.record({ type: 'group.requests', receiverIds, conversationId: conversation.id, data });
      }
    }
    return requests;
  }

  /** The cards of the users whom requests name. */
  private cardsOf(rows: readonly Row[], { unit }: LockedGroup): Promise<Map<number, Card>> {
    const userIds = rows.flatMap(({ userId, byId }) => [userId, ...(byId ? [byId] : [])]);
    return this.service.account.directory.cards([...new Set(userIds)], unit.session.transaction);
  }

  /** Index: group_request PRIMARY of a group, group_request_user of a user; the rest of either is sorted. */
  private async list(where: Where, id: 'userId' | 'groupId', { cursor, limit }: PageOf): Promise<Page<GroupRequest>> {
    const rows = await this.app.model.GroupRequest.findAll({
      where: { [Op.and]: [where, afterCursor(id, cursor)] },
      include: ['group', 'user', 'by'].map(association => ({
        association,
        attributes: association === 'group' ? GROUP_COLUMNS : CARD_COLUMNS,
        // What is left of a dissolved group is nobody's.
        required: association === 'group',
      })),
      order: [
        ['createdAt', 'DESC'],
        [id, 'DESC'],
        ['kind', 'DESC'],
      ],
      limit,
    });
    const requests = rows.map(row => {
      const users = presentCards([row.user!, ...(row.by ? [row.by] : [])]);
      return presentGroupRequest(row, presentRequestedGroup(row.group!), users);
    });
    return pageOf(requests, rows, limit, last => `${last.createdAt.getTime()}-${last[id]}-${last.kind}`);
  }
}

/** A condition for requests that can still be answered. */
function waiting(where: Partial<Pick<Row, 'groupId' | 'kind'>> & { userId?: number | number[] }): Where {
  return { ...where, status: 'pending', expiresAt: { [Op.gt]: NOW } };
}

/** A condition for the rows after a cursor. Throws INVALID_INPUT. */
function afterCursor(id: 'userId' | 'groupId', cursor: string | undefined): Where {
  if (cursor === undefined) return {};
  const [at, place, kind] = partsOf(cursor, /^(\d{1,13})-(\d{1,16})-(join|invitation)$/);
  const createdAt = new Date(Number(at));
  return {
    [Op.or]: [
      { createdAt: { [Op.lt]: createdAt } },
      { createdAt, [id]: { [Op.lt]: Number(place) } },
      { createdAt, [id]: Number(place), kind: { [Op.lt]: kind } },
    ],
  };
}
