import type { Inputs, Member } from 'egg-im-client';
import { useClient } from '../client';
import { useFailures } from '../client/failure';
import { confirm } from '../design/confirm';
import type { MenuAction } from '../design/menu';
import { useI18n } from '../i18n';
import { useNames } from '../people/names';
import type { Rights } from './rights';

const HOUR_MS = 3_600_000;
const MUTES = [
  { key: 'hour', ms: HOUR_MS },
  { key: 'day', ms: 24 * HOUR_MS },
  { key: 'month', ms: 30 * 24 * HOUR_MS },
] as const;

/** What can be done with a member, in its menu. */
export function useMemberActions(groupId: string) {
  const client = useClient();
  const { t } = useI18n();
  const { attempt } = useFailures();
  const { nameOf } = useNames();

  const update = (userId: string, change: Omit<Inputs['member.update'], 'groupId' | 'userId'>) =>
    void attempt(() => client.api.member.update({ groupId, userId, ...change }));

  async function surely(what: 'transfer' | 'remove', userId: string, call: () => Promise<unknown>): Promise<void> {
    const title = t(`group.${what}Ask`, { name: nameOf(userId) });
    const question = { title, text: t(`group.${what}Text`), action: t(`group.${what}`), danger: true };
    if (await confirm(question)) await attempt(call);
  }

  function mutes(userId: string, isMuted: boolean): MenuAction[] {
    if (isMuted) {
      return [
        { key: 'unmute', label: t('group.unmute'), icon: 'bell', run: () => update(userId, { mutedUntil: null }) },
      ];
    }
    return MUTES.map(({ key, ms }) => ({
      key,
      label: t(`group.mute.${key}`),
      icon: 'bellOff',
      run: () => update(userId, { mutedUntil: new Date(Date.now() + ms).toISOString() }),
    }));
  }

  function ofOwner(userId: string, role: Member['role']): MenuAction[] {
    const isAdmin = role === 'admin';
    return [
      {
        key: 'admin',
        label: isAdmin ? t('group.unmakeAdmin') : t('group.makeAdmin'),
        icon: 'star',
        run: () => update(userId, { role: isAdmin ? 'member' : 'admin' }),
      },
      {
        key: 'transfer',
        label: t('group.transfer'),
        icon: 'key',
        run: () => void surely('transfer', userId, () => client.api.group.transfer({ groupId, userId })),
      },
    ];
  }

  return function actionsOf({ userId, role }: Member, rights: Rights, isMuted: boolean): MenuAction[] {
    if (userId === client.session.value?.userId || !rights.governs({ role })) return [];
    const remove = () => surely('remove', userId, () => client.api.member.remove({ groupId, userIds: [userId] }));
    return [
      ...(rights.isOwner ? ofOwner(userId, role) : []),
      ...mutes(userId, isMuted),
      { key: 'remove', label: t('group.remove'), icon: 'block', danger: true, run: () => void remove() },
    ];
  };
}
