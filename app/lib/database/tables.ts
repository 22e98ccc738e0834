import type { Audience } from '../../schema/user';

/** The columns that hand-written SQL reads, as the driver gives them: times as dates, truth values as 0 and 1. */
export interface Tables {
  readonly conversation: {
    readonly id: number;
    readonly app: string;
    readonly type: 'single' | 'group' | 'system';
    readonly single_key: string | null;
    readonly last_seq: number;
    readonly count: number;
    readonly last_at: Date;
    readonly member_version: number;
    readonly mute_all: number;
    readonly mention_all_seq: number;
    readonly purged_seq: number;
  };
  readonly conversation_member: {
    readonly conversation_id: number;
    readonly user_id: number;
    readonly role: 'owner' | 'admin' | 'member';
    readonly read_seq: number;
    readonly read_count: number;
    readonly delivered_seq: number;
    readonly marked_unread: number;
    readonly has_written: number;
    readonly muted_until: Date | null;
  };
  readonly device: {
    readonly user_id: number;
    readonly device_id: string;
    readonly platform: string;
    readonly session_id: string | null;
    readonly refresh_id: string | null;
    readonly acked_seq: number;
    readonly last_seen_at: Date;
  };
  readonly dissolved_conversation: { readonly conversation_id: number };
  readonly media: { readonly id: string; readonly file_id: string | null; readonly size: number };
  readonly media_file: { readonly id: string };
  readonly message: {
    readonly conversation_id: number;
    readonly seq: number;
    readonly count: number;
    readonly sender_id: number;
    readonly sender_version: number;
    readonly sync_seq: number;
    readonly client_msg_id: string;
    readonly type: string;
    readonly content: string;
    readonly reply_to: number | null;
    readonly mentions: string | null;
    readonly mention_all: number;
    readonly extra: string | null;
    readonly sent_at: Date;
    readonly edited_at: Date | null;
    readonly recalled_at: Date | null;
    readonly recalled_by: number | null;
    readonly deleted_at: Date | null;
  };
  readonly push_history: {
    readonly sync_seq: number;
    readonly type: string;
    readonly conversation_id: number | null;
    readonly from_seq: number | null;
    readonly to_seq: number | null;
    readonly payload: string | null;
    readonly created_at: Date;
  };
  readonly user: {
    readonly id: number;
    readonly app: string;
    readonly account: string;
    readonly password_hash: string;
    readonly name: string;
    readonly phone: string | null;
    readonly avatar: string | null;
    readonly gender: 'male' | 'female' | 'other' | null;
    readonly signature: string | null;
    readonly background: string | null;
    readonly hide_presence: number;
    readonly card_version: number;
    readonly allow_groups: Audience;
    readonly allow_messages: Audience;
    readonly allow_phone: Audience;
    readonly allow_presence: Audience;
  };
  readonly user_inbox: {
    readonly user_id: number;
    readonly last_seq: number;
    readonly first_seq: number;
    readonly notice_seq: number;
  };
}

export type TableName = keyof Tables;
export type ColumnOf<T extends TableName> = keyof Tables[T] & string;
