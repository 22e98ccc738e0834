import { Service } from 'egg';
import { Op, type Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { friendRequestDenial, selfDenial, statusReceivers, statusShownTo } from '../../policy/contact';
import { AppError, assertAllowed } from '../../schema/errors';
import { presentFriendRequest, type FriendRequestRow as Request } from '../../presenter/friend_request';
import type { FriendRequestModel } from '../../model/friend_request';
import { pageOf, type Page } from '../../schema/page';
import type { AnswerFriend, Card, FriendRequest, ListFriendRequests } from '../../schema/person';
import type { Scene } from '../transaction';

const DAY_MS = 86_400_000;

/** How two become friends. */
export default class FriendRequestService extends Service {
  /** The latest first; those to the actor, or those of the actor. Throws INVALID_INPUT. */
  async list(actor: Actor, { direction, cursor, limit }: ListFriendRequests): Promise<Page<FriendRequest>> {
    const [own, other] = direction === 'in' ? (['toId', 'fromId'] as const) : (['fromId', 'toId'] as const);
    // Index: friend_request_to or PRIMARY: the cost is the number of the user's requests.
    const rows = await this.app.model.FriendRequest.findAll({
      where: { [Op.and]: [{ [own]: actor.userId }, cursor === undefined ? {} : isAfter(cursor, other)] },
      order: [
        ['createdAt', 'DESC'],
        [other, 'DESC'],
      ],
      limit,
      raw: true,
    });
    const cards = await this.service.contact.people.cards([actor.userId, ...rows.map(row => row[other])]);
    const requests = rows.map(row => viewOf(row, cards, actor.userId));
    return pageOf(requests, rows, limit, row => `${row.createdAt.getTime()}-${row[other]}`);
  }

  /**
   * Asking again replaces what waits for an answer; one that is ignored stays so. Who has been asked by the other accepts
   * by asking: then the answer is the other's request. Throws USER_NOT_FOUND, BLOCKED, FORBIDDEN, ALREADY_FRIENDS.
   */
  async ask(actor: Actor, userId: number, greeting?: string): Promise<FriendRequest> {
    assertAllowed(selfDenial(actor.userId, userId));
    return this.service.contact.pair.run(actor, userId, async scene => {
      const { members, transaction } = scene;
      assertAllowed(friendRequestDenial(actor.userId, userId, members));
      const theirs = await this.findOpen(userId, actor.userId, transaction);
      if (theirs) return this.settle(scene, theirs, 'accepted');
      const mine = await this.findOpen(actor.userId, userId, transaction);
      const at = Date.now();
      const request: Request = {
        fromId: actor.userId,
        toId: userId,
        greeting: greeting ?? null,
        status: mine?.status ?? 'pending',
        createdAt: new Date(at),
        expiresAt: new Date(at + this.app.config.im.requestDays * DAY_MS),
      };
      await this.app.model.FriendRequest.upsert(request, { transaction });
      return this.tell(scene, request, actor.userId);
    });
  }

  /** Answers the request of a user to the actor. Throws REQUEST_NOT_FOUND. */
  async answer(actor: Actor, userId: number, answer: AnswerFriend['answer']): Promise<FriendRequest> {
    // Looked up ahead of the lock, so that nothing is made where nobody has asked.
    await this.requireOpen(userId, actor.userId);
    return this.service.contact.pair.run(actor, userId, async scene => {
      const request = await this.requireOpen(userId, actor.userId, scene.transaction);
      return this.settle(scene, request, STATUS[answer]);
    });
  }

  /** Gives a request another status, and returns it as the one who was asked sees it. */
  private async settle(scene: Scene, request: Request, status: Request['status']): Promise<FriendRequest> {
    const { fromId, toId } = request;
    const { transaction } = scene;
    await this.app.model.FriendRequest.update({ status }, { where: { fromId, toId }, transaction });
    const view = await this.tell(scene, { ...request, status }, toId, statusReceivers(request, status));
    if (status === 'accepted') await this.service.contact.friend.begin(scene);
    return view;
  }

  /** Tells each receiver of a request as they may see it, and returns it as the actor may. */
  private async tell(
    { transaction, tell }: Scene,
    request: Request,
    actorId: number,
    receiverIds: readonly number[] = [request.fromId, request.toId],
  ): Promise<FriendRequest> {
    const cards = await this.service.contact.people.cards([request.fromId, request.toId], transaction);
    for (const id of receiverIds) {
      tell({ type: 'friend.request', receiverIds: [id], data: { request: viewOf(request, cards, id) } });
    }
    return viewOf(request, cards, actorId);
  }

  /** The request that can still be answered. */
  private findOpen(fromId: number, toId: number, transaction?: Transaction): Promise<FriendRequestModel | null> {
    const open = { status: ['pending', 'ignored'], expiresAt: { [Op.gt]: new Date() } };
    return this.app.model.FriendRequest.findOne({ where: { fromId, toId, ...open }, transaction, raw: true });
  }

  private async requireOpen(fromId: number, toId: number, transaction?: Transaction): Promise<FriendRequestModel> {
    const request = await this.findOpen(fromId, toId, transaction);
    if (!request) throw new AppError('REQUEST_NOT_FOUND');
    return request;
  }
}

const STATUS = { accept: 'accepted', reject: 'rejected', ignore: 'ignored' } as const;

/** A request as a user may see it. */
function viewOf(request: Request, cards: ReadonlyMap<number, Card>, userId: number): FriendRequest {
  return presentFriendRequest(request, statusShownTo(userId, request), cards);
}

function isAfter(cursor: string, other: 'fromId' | 'toId') {
  const [, at, id] = /^(\d{1,13})-(\d{1,16})$/.exec(cursor) ?? [];
  if (!at) throw new AppError('INVALID_INPUT', [{ path: '/cursor', message: 'not a cursor of this list' }]);
  const createdAt = new Date(Number(at));
  return { [Op.or]: [{ createdAt: { [Op.lt]: createdAt } }, { createdAt, [other]: { [Op.lt]: Number(id) } }] };
}
