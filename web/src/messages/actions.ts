import type { Client, Limits, Message } from 'egg-im-client';
import type { Ref } from 'vue';
import { useRouter, type Router } from 'vue-router';
import { useClient } from '../client';
import { useFailures } from '../client/failure';
import { confirm } from '../design/confirm';
import type { MenuAction } from '../design/menu';
import { toast } from '../design/toast';
import { useI18n } from '../i18n';
import { useConversation, type OpenConversation } from './context';
import { forwarded, isForwardable } from './forwarding';
import { useLimits } from './limits';

/** What an action is made with. */
interface Tools extends ReturnType<typeof useI18n>, ReturnType<typeof useFailures> {
  readonly client: Client;
  readonly router: Router;
  readonly open: OpenConversation;
  readonly limits: Readonly<Ref<Limits | undefined>>;
}

/** One line of the menu of a message; undefined where it can not be done. */
type Action = (message: Message, tools: Tools) => MenuAction | undefined;

const textOf = ({ type, content: { text } }: Message): string | undefined =>
  type === 'text' && typeof text === 'string' ? text : undefined;
const isWithin = ({ sentAt }: Message, seconds: number | undefined): boolean =>
  seconds === undefined || Date.now() - Date.parse(sentAt) < seconds * 1000;

const reply: Action = (message, { t, open: { denial, intent } }) => {
  if (denial.value !== undefined) return undefined;
  const run = () => void (intent.value = { kind: 'reply', message });
  return { key: 'reply', label: t('messages.reply'), icon: 'reply', takesFocus: true, run };
};

const copy: Action = (message, { t }) => {
  const text = textOf(message);
  // Without TLS there is no clipboard.
  if (text === undefined || !('clipboard' in navigator)) return undefined;
  const run = () =>
    void navigator.clipboard.writeText(text).then(
      () => toast(t('messages.copied')),
      () => toast(t('messages.notCopied')),
    );
  return { key: 'copy', label: t('messages.copy'), icon: 'copy', run };
};

const edit: Action = (message, { t, limits, open: { me, denial, intent } }) => {
  const isOwn = message.senderId === me && isWithin(message, limits.value?.editSeconds);
  if (!isOwn || textOf(message) === undefined || denial.value !== undefined) return undefined;
  const run = () => void (intent.value = { kind: 'edit', message });
  return { key: 'edit', label: t('messages.edit'), icon: 'edit', takesFocus: true, run };
};

const forward: Action = (message, { t }) => {
  if (!isForwardable(message)) return undefined;
  const { conversationId, seq } = message;
  const run = () => void (forwarded.value = { conversationId, seqs: [seq] });
  return { key: 'forward', label: t('messages.forward'), icon: 'forward', takesFocus: true, run };
};

const select: Action = (message, { t, open: { selection } }) => {
  if (!isForwardable(message)) return undefined;
  const run = () => void (selection.value = new Set([message.seq]));
  return { key: 'select', label: t('messages.select'), icon: 'check', takesFocus: true, run };
};

const pin: Action = ({ conversationId, seq }, { t, client, attempt, open: { view, conversation, denial } }) => {
  const { type, role } = conversation.value ?? {};
  if (denial.value !== undefined || (type === 'group' && role === 'member')) return undefined;
  const pinned = !view.value.pinned.has(seq);
  const run = () => void attempt(() => client.api.message.pin({ conversationId, seq, pinned }));
  return { key: 'pin', label: pinned ? t('messages.pin') : t('messages.unpin'), icon: pinned ? 'pin' : 'pinOff', run };
};

const star: Action = ({ conversationId, seq }, { t, client, attempt, open: { view } }) => {
  const starred = !view.value.starred.has(seq);
  const run = () => void attempt(() => client.api.message.star({ conversationId, seq, starred }));
  return { key: 'star', label: starred ? t('messages.star') : t('messages.unstar'), icon: 'star', run };
};

const readers: Action = ({ conversationId, seq, senderId }, { t, router, open: { me, conversation } }) => {
  if (conversation.value?.type !== 'group' || senderId !== me) return undefined;
  const run = () => void router.push({ name: 'readers', params: { conversationId, seq } });
  return { key: 'readers', label: t('search.readers'), icon: 'checkTwice', run };
};

const recall: Action = (message, { t, client, attempt, limits, open: { me, conversation } }) => {
  const { role } = conversation.value ?? {};
  const isOwn = message.senderId === me && isWithin(message, limits.value?.recallSeconds);
  if (!isOwn && role !== 'owner' && role !== 'admin') return undefined;
  const { conversationId, seq } = message;
  const run = () => void attempt(() => client.api.message.recall({ conversationId, seq }));
  return { key: 'recall', label: t('messages.recall'), icon: 'undo', run };
};

type Whose = 'me' | 'both';

/** Asks, and deletes messages of a conversation. Resolves with whether it was done. */
async function remove(
  conversationId: string,
  seqs: readonly number[],
  whose: Whose,
  { t, attempt, client }: Tools,
): Promise<boolean> {
  const { length: count } = seqs;
  const question =
    whose === 'both'
      ? { title: t('messages.deleteBothAsk'), text: t('messages.deleteBothText') }
      : { title: t('messages.deleteAsk', { count }), text: t('messages.deleteText', { count }) };
  if (!(await confirm({ ...question, action: t('messages.delete'), danger: true }))) return false;
  return attempt(() => client.api.message.remove({ conversationId, seqs: [...seqs], for: whose }));
}

const deleteForMe: Action = (message, tools) => {
  const run = () => void remove(message.conversationId, [message.seq], 'me', tools);
  return { key: 'delete', label: tools.t('messages.deleteForMe'), icon: 'trash', danger: true, run };
};

const deleteForBoth: Action = (message, tools) => {
  const { conversation, me } = tools.open;
  if (message.senderId !== me || conversation.value?.type !== 'single') return undefined;
  const run = () => void remove(message.conversationId, [message.seq], 'both', tools);
  return { key: 'deleteBoth', label: tools.t('messages.deleteForBoth'), icon: 'trash', danger: true, run };
};

/** The lines of the menu, from top to bottom. */
const ACTIONS: readonly Action[] = [
  reply,
  forward,
  copy,
  edit,
  pin,
  star,
  select,
  readers,
  recall,
  deleteForMe,
  deleteForBoth,
];

/** What can be done with a message. */
export function useMessageActions() {
  const tools: Tools = {
    ...useI18n(),
    ...useFailures(),
    client: useClient(),
    router: useRouter(),
    open: useConversation(),
    limits: useLimits(),
  };

  /** Puts a reaction of the user to a message, or takes it away. */
  function react({ conversationId, seq, reactions = [] }: Message, reaction: string): void {
    const { client, attempt, open } = tools;
    const reacted = !reactions.some(each => each.reaction === reaction && each.userIds.includes(open.me));
    void attempt(() => client.api.message.react({ conversationId, seq, reaction, reacted }));
  }

  const actionsOf = (message: Message): MenuAction[] => ACTIONS.flatMap(make => make(message, tools) ?? []);

  return {
    actionsOf,
    react,
    remove: (conversationId: string, seqs: readonly number[], whose: Whose) =>
      remove(conversationId, seqs, whose, tools),
  };
}
