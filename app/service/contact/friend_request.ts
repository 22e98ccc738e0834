import { Service } from 'egg';
import { Op } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { friendRequestDenial, selfDenial, statusReceivers, statusShownTo } from '../../policy/contact';
import { NOW } from '../../lib/database/sequelize';
import type { ModelUnit } from '../../lib/engine';
import type { LockedConversation } from '../../lib/message/locked_conversation';
import { CARD_COLUMNS, presentCards } from '../../presenter/card';
import { AppError, assertAllowed } from '../../schema/errors';
import { presentFriendRequest, type FriendRequestRow as Request } from '../../presenter/friend_request';
import type { FriendRequestModel } from '../../model/friend_request';
import { pageOf, partsOf, type Page } from '../../schema/page';
import type { AnswerFriend, Card, FriendRequest, ListFriendRequests } from '../../schema/person';

const DAY_MS = 86_400_000;

/** Friend requests, by which two users become friends. */
export default class FriendRequestService extends Service {
  /** A page of the requests to the actor, or of those that the actor has made, the latest first. Throws INVALID_INPUT. */
  async list(actor: Actor, { direction, cursor, limit }: ListFriendRequests): Promise<Page<FriendRequest>> {
    const [own, other] = direction === 'in' ? (['toId', 'fromId'] as const) : (['fromId', 'toId'] as const);
    // Index: friend_request_to or PRIMARY: the cost is the number of the user's requests.
    const rows = await this.app.model.FriendRequest.findAll({
      where: { [Op.and]: [{ [own]: actor.userId }, cursor === undefined ? {} : isAfter(cursor, other)] },
      include: ['from', 'to'].map(association => ({ association, attributes: CARD_COLUMNS })),
      order: [
        ['createdAt', 'DESC'],
        [other, 'DESC'],
      ],
      limit,
    });
    const requests = rows.map(row => viewOf(row, presentCards([row.from!, row.to!]), actor.userId));
    return pageOf(requests, rows, limit, row => `${row.createdAt.getTime()}-${row[other]}`);
  }

  /**
   * Asks a user for a friendship. A request that waits for an answer is replaced, and an ignored one stays ignored. When the
   * other user has asked the actor, that request is accepted and returned. Throws USER_NOT_FOUND, BLOCKED, FORBIDDEN,
   * ALREADY_FRIENDS.
   */
  async ask(actor: Actor, userId: number, greeting?: string): Promise<FriendRequest> {
    assertAllowed(selfDenial(actor.userId, userId));
    return this.service.contact.pair.run(actor, userId, async (conversation, unit) => {
      const { members, at: createdAt } = conversation;
      assertAllowed(friendRequestDenial(actor.userId, userId, members));
      const theirs = await this.findOpen(userId, actor.userId, unit);
      if (theirs) return this.settle(conversation, unit, theirs, 'accepted');
      const mine = await this.findOpen(actor.userId, userId, unit);
      const request: Request = {
        fromId: actor.userId,
        toId: userId,
        greeting: greeting ?? null,
        status: mine?.status ?? 'pending',
        createdAt,
        expiresAt: new Date(createdAt.getTime() + this.app.config.im.requestDays * DAY_MS),
      };
      await this.app.model.FriendRequest.upsert(request, { transaction: unit.session.transaction });
      return this.record(unit, request, actor.userId);
    });
  }

  /** Answers the request that a user has made to the actor. Throws REQUEST_NOT_FOUND, USER_NOT_FOUND. */
  async answer(actor: Actor, userId: number, answer: AnswerFriend['answer']): Promise<FriendRequest> {
    // The request is looked up before the lock, which would make a conversation where nobody has asked.
    await this.requireOpen(userId, actor.userId);
    return this.service.contact.pair.run(actor, userId, async (conversation, unit) => {
      const request = await this.requireOpen(userId, actor.userId, unit);
      return this.settle(conversation, unit, request, STATUS[answer]);
    });
  }

  /** Gives a request another status, and returns it as the one who was asked sees it. */
  private async settle(
    conversation: LockedConversation,
    unit: ModelUnit,
    request: Request,
    status: Request['status'],
  ): Promise<FriendRequest> {
    const { fromId, toId, greeting, createdAt, expiresAt } = request;
    const { transaction } = unit.session;
    await this.app.model.FriendRequest.update({ status }, { where: { fromId, toId }, transaction });
    const settled = { fromId, toId, greeting, createdAt, expiresAt, status };
    const view = await this.record(unit, settled, toId, statusReceivers(request, status));
    if (status === 'accepted') await this.service.contact.friend.begin(conversation, unit);
    return view;
  }

  /** Tells each receiver of a request as they may see it, and returns it as the actor may. */
  private async record(
    unit: ModelUnit,
    request: Request,
    actorId: number,
    receiverIds: readonly number[] = [request.fromId, request.toId],
  ): Promise<FriendRequest> {
    const { transaction } = unit.session;
    const cards = await this.service.account.directory.cards([request.fromId, request.toId], transaction);
    for (const id of receiverIds) {
      unit.record({ type: 'friend.request', receiverIds: [id], data: { request: viewOf(request, cards, id) } });
    }
    return viewOf(request, cards, actorId);
  }

  /** The request that can still be answered. */
  private async findOpen(fromId: number, toId: number, unit?: ModelUnit): Promise<FriendRequestModel | null> {
    const transaction = unit?.session.transaction;
    const open = { status: ['pending', 'ignored'], expiresAt: { [Op.gt]: NOW } };
    return this.app.model.FriendRequest.findOne({ where: { fromId, toId, ...open }, transaction, raw: true });
  }

  private async requireOpen(fromId: number, toId: number, unit?: ModelUnit): Promise<FriendRequestModel> {
    const request = await this.findOpen(fromId, toId, unit);
    if (!request) throw new AppError('REQUEST_NOT_FOUND');
    return request;
  }
}

const STATUS = { accept: 'accepted', reject: 'rejected', ignore: 'ignored' } as const;

/** The request as a user may see it. */
function viewOf(request: Request, cards: ReadonlyMap<number, Card>, userId: number): FriendRequest {
  return presentFriendRequest(request, statusShownTo(userId, request), cards);
}

function isAfter(cursor: string, other: 'fromId' | 'toId') {
  const [at, id] = partsOf(cursor, /^(\d{1,13})-(\d{1,16})$/);
  const createdAt = new Date(Number(at));
  return { [Op.or]: [{ createdAt: { [Op.lt]: createdAt } }, { createdAt, [other]: { [Op.lt]: Number(id) } }] };
}
