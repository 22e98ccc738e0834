import type { ConversationView, Message, MessagesView } from 'egg-im-client';
import { inject, provide, type InjectionKey, type Ref, type ShallowRef } from 'vue';

/** What the composer is about to do besides writing something new. */
export interface Intent {
  readonly kind: 'reply' | 'edit';
  readonly message: Message;
}

/** The conversation that is open, for all that is shown in it. */
export interface OpenConversation {
  readonly conversation: Readonly<Ref<ConversationView | undefined>>;
  /** Id of the user. */
  readonly me: string;
  /** The part of it that is loaded. */
  readonly view: Readonly<Ref<MessagesView>>;
  readonly intent: ShallowRef<Intent | undefined>;
  /** Places of the messages that are chosen, while several are to be forwarded or deleted together. */
  readonly selection: ShallowRef<ReadonlySet<number> | undefined>;
  /** Why nothing can be written. */
  readonly denial: Readonly<Ref<string | undefined>>;
  /** A message that is answered: undefined until it is known, null when it is gone. */
  quoted(seq: number): Message | null | undefined;
  /** Shows a message, wherever in the conversation it is. */
  toMessage(seq: number): void;
}

const KEY: InjectionKey<OpenConversation> = Symbol('conversation');

export const provideConversation = (open: OpenConversation): void => provide(KEY, open);

export function useConversation(): OpenConversation {
  const open = inject(KEY);
  if (!open) throw new Error('No conversation is open');
  return open;
}
