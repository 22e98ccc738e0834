import type { Settings } from '../schema/conversation';
import { present } from './present';

/** What a user has set for a conversation, as it is selected: truth values are 0 and 1. */
export interface SettingsRow {
  readonly pinned: number;
  readonly notify: Settings['notify'];
  readonly draft: string | null;
  readonly markedUnread: number;
  readonly hidden: number;
  readonly clearedSeq: number;
}

/** What a user has set for a conversation. */
export function presentSettings({ pinned, notify, draft, markedUnread, hidden, clearedSeq }: SettingsRow): Settings {
  return {
    pinned: Boolean(pinned),
    notify,
    ...present({ draft }),
    markedUnread: Boolean(markedUnread),
    hidden: Boolean(hidden),
    clearedSeq,
  };
}
