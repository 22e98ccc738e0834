import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { answerableKind, answerDenial, joinOutcome, reviewDenial } from '../../policy/group_request';
import type { RequestFacts } from '../../policy/group_request';
import type { GroupRequestRow } from '../../presenter/group_request';
import { AppError, assertAllowed } from '../../schema/errors';
import type { GroupRequest, Joined } from '../../schema/group';
import { roleIn, type LockedGroup } from './access';

/** How users become members: they join, ask to, or are invited. */
export default class AdmissionService extends Service {
  /**
   * Into an open group, or one that has invited the actor; else it is asked for. A member stays one. Throws
   * CONVERSATION_NOT_FOUND, FORBIDDEN, BANNED, GROUP_FULL, LIMIT_REACHED (too many wait for an answer).
   */
  async join(actor: Actor, id: number, words?: string): Promise<Joined> {
    const { userId } = actor;
    const { access, former, request, roster } = this.service.group;
    return access.runAny(actor, id, async group => {
      if (group.conversation.members.index.has(userId)) return { joined: true };
      const invitation = await request.find(group, userId, 'invitation');
      const isBanned = (await former.bannedOf(group, [userId])).length > 0;
      const outcome = joinOutcome(group.row.joinPolicy, invitation && factsOf(invitation, group), isBanned);
      if (outcome === 'enter') {
        await roster.enter(group, [userId], userId, 'joined');
        return { joined: true };
      }
      if (outcome !== 'ask') throw new AppError(outcome);
      const [asked] = await request.ask(group, 'join', [userId], null, words);
      return { joined: false, request: asked };
    });
  }

  /**
   * Members are passed over. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN, USER_NOT_FOUND, BLOCKED, BANNED, GROUP_FULL
   * when there is no room for all of them, LIMIT_REACHED when too many would wait for an answer.
   */
  async invite(actor: Actor, id: number, userIds: readonly number[], words?: string): Promise<GroupRequest[]> {
    const { access, former, request } = this.service.group;
    await this.service.account.directory.requireUsers(actor.app, userIds);
    return access.run(actor, id, 'admit', async group => {
      const { members } = group.conversation;
      const invited = userIds.filter(userId => !members.index.has(userId));
      if (invited.length === 0) return [];
      await this.service.contact.block.requireWelcome(actor.userId, invited, group.unit.session.transaction);
      await former.requireUnbanned(group, actor.userId, invited);
      access.requireRoom(members.ids.length + invited.length);
      return request.ask(group, 'invitation', invited, actor.userId, words);
    });
  }

  /**
   * The own invitation, or the request to join of somebody else. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN,
   * REQUEST_NOT_FOUND, GROUP_FULL, after which it can still be answered.
   */
  async answer(actor: Actor, id: number, userId: number, answer: 'accept' | 'reject'): Promise<GroupRequest> {
    const kind = answerableKind(actor.userId, userId);
    const { access, request, roster } = this.service.group;
    return access.runAny(actor, id, async group => {
      assertAllowed(reviewDenial(kind, roleIn(group, actor.userId)));
      const row = await request.find(group, userId, kind);
      if (!row) throw new AppError('REQUEST_NOT_FOUND');
      assertAllowed(answerDenial(answer, factsOf(row, group), group.row.joinPolicy));
      if (answer === 'reject') {
        await request.reject(group, userId, kind);
        return request.present(group, { ...row, status: 'rejected' });
      }
      await roster.enter(group, [userId], actor.userId, kind === 'invitation' ? 'joined' : 'added');
      return request.present(group, { ...row, status: 'accepted' });
    });
  }
}

function factsOf({ kind, byId }: GroupRequestRow, group: LockedGroup): RequestFacts {
  return { kind, inviterRole: roleIn(group, byId ?? 0) };
}
