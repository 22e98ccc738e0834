// Written by `npm run docs` from app/schema. Edit that, not this.

/** Stable, for programs */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'UNAUTHENTICATED'
  | 'TOKEN_EXPIRED'
  | 'SESSION_CLOSED'
  | 'WRONG_CREDENTIALS'
  | 'FORBIDDEN'
  | 'BLOCKED'
  | 'NOT_FRIENDS'
  | 'NOT_ANSWERED'
  | 'BANNED'
  | 'MUTED'
  | 'NOT_A_MEMBER'
  | 'ADDRESS_EXPIRED'
  | 'NOT_FOUND'
  | 'REGISTRATION_CLOSED'
  | 'TENANT_NOT_FOUND'
  | 'USER_NOT_FOUND'
  | 'CONVERSATION_NOT_FOUND'
  | 'MESSAGE_NOT_FOUND'
  | 'MEDIA_NOT_FOUND'
  | 'REQUEST_NOT_FOUND'
  | 'UNKNOWN_EVENT'
  | 'METHOD_NOT_ALLOWED'
  | 'REQUEST_TIMEOUT'
  | 'ACCOUNT_TAKEN'
  | 'CONFLICT'
  | 'ALREADY_FRIENDS'
  | 'TOO_LATE'
  | 'LIMIT_REACHED'
  | 'GROUP_FULL'
  | 'TOO_LARGE'
  | 'TOO_MANY_ATTEMPTS'
  | 'TOO_MANY_CONNECTIONS'
  | 'QUOTA_EXCEEDED'
  | 'RATE_LIMITED'
  | 'HEADERS_TOO_LARGE'
  | 'INTERNAL'
  | 'BUSY'
  | 'UNAVAILABLE';

export interface Ack {
  /** This and everything before it has been applied and kept */
  syncSeq: number;
}

export interface Acked {
  /** The place is past the end of the stream: pull, which says where that is */
  resync?: boolean;
}

export interface AskFriend {
  /** Id: a decimal number in a string */
  userId: string;
  /** A few words that go with it */
  greeting?: string;
}

export interface Ban {
  /** Who can not come back by themselves */
  user: Card;
  /** Who has removed them */
  by?: Card;
  /** When they were removed */
  at: string;
}

export interface BatchUsers {
  userIds: string[];
}

export interface Card {
  /** Id: a decimal number in a string */
  id: string;
  name: string;
  /** Http(s) URL, or a path of this server */
  avatar?: string;
  /** How often name and avatar were changed; absent: never */
  version?: number;
  /** The user has deleted the account: the name is empty, and a client shows "deleted user" */
  deleted?: true;
}

export interface ChangePassword {
  oldPassword: string;
  newPassword: string;
}

export interface Conversation {
  /** Id: a decimal number in a string */
  id: string;
  type: 'single' | 'group' | 'system';
  /** The other user of a single conversation */
  peerId?: string;
  /** The group's name, or the other user's; empty for the system's */
  name: string;
  /** The group's picture, or the other user's */
  avatar?: string;
  /** Of the other user's card */
  peerVersion?: number;
  /** The caller's, in a group */
  role?: 'owner' | 'admin' | 'member';
  /** The caller may not write to the group until then */
  mutedUntil?: string;
  /** In a group: only owner and admins may write */
  muteAll?: boolean;
  /** The latest message that the caller may see, among the last 1,000 */
  lastMessage?: Message;
  /** `seq` of the last message; 0: none yet */
  lastSeq: number;
  /** Time of the last message, or of the making */
  lastAt: string;
  /** The caller has read everything up to this `seq` */
  readSeq: number;
  /** How many messages the caller has not read */
  unread: number;
  /** An unread message mentions the caller, or all */
  mentioned: boolean;
  settings: Settings;
  /** Of a single conversation */
  receipt?: Receipt;
}

export interface CreateGroup {
  /** The creator's own UUID for this group: sent again with it, the answer is the group that was made first */
  clientGroupId?: string;
  /** Not only blanks */
  name: string;
  /** Http(s) URL, or a path of this server */
  avatar?: string;
  announcement?: string;
  /** `open`: anybody joins, and any member adds others; `approval`: owner and admins let those in who ask; `invite`: owner and admins add or invite */
  joinPolicy?: 'open' | 'approval' | 'invite';
  /** New members see the messages from their joining on, or all that there are */
  history?: 'joined' | 'all';
  memberIds: string[];
}

export interface DestroyMe {
  password: string;
}

export interface Device {
  /** One client installation; made by the server when absent */
  deviceId: string;
  platform: string;
  /** When it was last connected, or got tokens */
  lastSeenAt: string;
  /** It is the one that asks */
  current: boolean;
}

export type Empty = Record<string, never>;

export type Entry =
  | EntryMessageNew
  | EntryMessageEdited
  | EntryMessageRecalled
  | EntryMessageDeleted
  | EntryMessageHidden
  | EntryMessageReacted
  | EntryMessagePinned
  | EntryMessageStarred
  | EntryConversationRead
  | EntryConversationReceipt
  | EntryConversationUpdated
  | EntryGroupCreated
  | EntryGroupUpdated
  | EntryGroupMembersAdded
  | EntryGroupMembersRemoved
  | EntryGroupMemberUpdated
  | EntryGroupDissolved
  | EntryGroupUnbanned
  | EntryGroupRequests
  | EntryMeUpdated
  | EntryUserUpdated
  | EntryFriendRequest
  | EntryFriendUpdated
  | EntryFriendRemoved
  | EntryBlockUpdated;

export interface EntryBlockUpdated {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'block.updated';
  /** The user has blocked somebody, or not any more */
  data: {
    /** Id: a decimal number in a string */
    userId: string;
    blocked: boolean;
  };
  /** When it was stored */
  at: string;
}

export interface EntryConversationRead {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'conversation.read';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** The user has read, on this device or another; the mark `markedUnread` is gone */
  data: {
    /** The user has read everything up to this `seq` */
    readSeq: number;
    /** How many messages are unread after that */
    unread: number;
  };
  /** When it was stored */
  at: string;
}

export interface EntryConversationReceipt {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'conversation.receipt';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** The other user of a single conversation has got or read messages */
  data: Receipt;
  /** When it was stored */
  at: string;
}

export interface EntryConversationUpdated {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'conversation.updated';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** The user has changed, cleared or deleted it for themselves */
  data: {
    settings: Settings;
    /** The user has read everything up to this `seq` */
    readSeq: number;
    /** How many messages are unread after that */
    unread: number;
  };
  /** When it was stored */
  at: string;
}

export interface EntryFriendRemoved {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'friend.removed';
  /** Not a friend any more; to both users */
  data: {
    /** Id: a decimal number in a string */
    userId: string;
  };
  /** When it was stored */
  at: string;
}

export interface EntryFriendRequest {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'friend.request';
  /** Made or answered; to both users. When one of them is deleted it is not in the list any more */
  data: {
    request: FriendRequest;
  };
  /** When it was stored */
  at: string;
}

export interface EntryFriendUpdated {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'friend.updated';
  /** A new friend, or another alias */
  data: {
    friend: Friend;
  };
  /** When it was stored */
  at: string;
}

export interface EntryGroupCreated {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'group.created';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** The user is in a new group */
  data: {
    group: Group;
    /** The user who did it */
    by: string;
  };
  /** When it was stored */
  at: string;
}

export interface EntryGroupDissolved {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'group.dissolved';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** The group is gone, with its conversation and messages */
  data: {
    /** The user who did it */
    by: string;
  };
  /** When it was stored */
  at: string;
}

export interface EntryGroupMemberUpdated {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'group.member_updated';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** A member's role, alias or mute has changed */
  data: {
    /** Id: a decimal number in a string */
    userId: string;
    role: 'owner' | 'admin' | 'member';
    /** Not only blanks */
    alias?: string;
    /** UTC with milliseconds: 2026-01-31T09:30:00.000Z */
    mutedUntil?: string;
    /** The user who did it */
    by: string;
  };
  /** When it was stored */
  at: string;
}

export interface EntryGroupMembersAdded {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'group.members_added';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** To all members, new ones included */
  data: {
    group: Group;
    /** Those added or removed */
    userIds: string[];
    /** Those of them who were muted when they left, and still are */
    muted?: {
      /** Id: a decimal number in a string */
      userId: string;
      /** The member may not write until then */
      mutedUntil: string;
    }[];
    /** The user who did it */
    by: string;
  };
  /** When it was stored */
  at: string;
}

export interface EntryGroupMembersRemoved {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'group.members_removed';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** To all members and those removed; `by` is the removed user when they left by themselves */
  data: {
    /** Those added or removed */
    userIds: string[];
    /** The user who did it */
    by: string;
  };
  /** When it was stored */
  at: string;
}

export interface EntryGroupRequests {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'group.requests';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** Made or answered; to owner, admins, the users they are about and who invited them, each those that concern them */
  data: {
    requests: GroupRequest[];
  };
  /** When it was stored */
  at: string;
}

export interface EntryGroupUnbanned {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'group.unbanned';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** A user who was removed may come back; to owner and admins */
  data: {
    /** Id: a decimal number in a string */
    userId: string;
    /** The user who did it */
    by: string;
  };
  /** When it was stored */
  at: string;
}

export interface EntryGroupUpdated {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'group.updated';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** To all members, as all that begins with `group.` */
  data: {
    group: Group;
    /** The user who did it */
    by: string;
  };
  /** When it was stored */
  at: string;
}

export interface EntryMeUpdated {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'me.updated';
  /** The user has changed their profile or their settings */
  data: {
    me: Me;
  };
  /** When it was stored */
  at: string;
}

export interface EntryMessageDeleted {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'message.deleted';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** Gone for both sides of a single conversation, and not unread any more */
  data: {
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
  };
  /** When it was stored */
  at: string;
}

export interface EntryMessageEdited {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'message.edited';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** Put it in the place of the one with its `seq` */
  data: {
    messages: Message[];
  };
  /** When it was stored */
  at: string;
}

export interface EntryMessageHidden {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'message.hidden';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** The user has deleted them for themselves */
  data: {
    seqs: number[];
  };
  /** When it was stored */
  at: string;
}

export interface EntryMessageNew {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'message.new';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** What kind of conversation it is; absent once it is gone */
  conversation?: {
    type: 'single' | 'group' | 'system';
    /** Of a single conversation: its users, the caller among them */
    userIds?: string[];
  };
  /** Messages of one conversation, in order */
  data: {
    messages: Message[];
  };
  /** When it was stored */
  at: string;
}

export interface EntryMessagePinned {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'message.pinned';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** A message was pinned in the conversation, or is not any more */
  data: {
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    pinned: boolean;
    /** The user who did it */
    by: string;
  };
  /** When it was stored */
  at: string;
}

export interface EntryMessageReacted {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'message.reacted';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** A member has put a reaction to a message, or taken it away */
  data: {
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    /** Id: a decimal number in a string */
    userId: string;
    reaction: string;
    reacted: boolean;
  };
  /** When it was stored */
  at: string;
}

export interface EntryMessageRecalled {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'message.recalled';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** What is left of it, in the place of the one with its `seq`; its reactions, pin and stars are gone */
  data: {
    messages: Message[];
  };
  /** When it was stored */
  at: string;
}

export interface EntryMessageStarred {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'message.starred';
  /** Id: a decimal number in a string */
  conversationId: string;
  /** The user has starred a message, or not any more */
  data: {
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    starred: boolean;
  };
  /** When it was stored */
  at: string;
}

export interface EntryUserUpdated {
  /** Place in the user's stream */
  syncSeq: number;
  type: 'user.updated';
  /** A friend has changed their profile */
  data: {
    user: User;
  };
  /** When it was stored */
  at: string;
}

export interface Failure {
  /** Stable; one of the table of errors */
  code: string;
  /** A sentence in the language of the caller */
  message: string;
  /** The same request may succeed later */
  retryable: boolean;
  /** Milliseconds to wait before the same request; in REST `Retry-After` too */
  retryAfterMs?: number;
  /** What exactly was refused, by code */
  details?: unknown;
}

export interface FileContent {
  /** Absent where the file is at another host */
  mediaId?: string;
  /** Where it is read for a while; `message:batch` gives the message with a new one */
  url: string;
  /** Bytes */
  size: number;
  mime: string;
  name?: string;
}

export interface ForwardMessages {
  from: {
    /** Id: a decimal number in a string */
    conversationId: string;
    seqs: number[];
  };
  /** Where to; this or `to` */
  conversationId?: string;
  /** To whom; this or `conversationId` */
  to?: {
    /** Id: a decimal number in a string */
    userId: string;
  };
  /** As one message; default: each by itself */
  merged?: boolean;
  /** One for each of `seqs`, in the same order; a single one when they are merged */
  clientMsgIds: string[];
}

export interface Friend {
  user: Card;
  /** The caller's own name for the friend */
  alias?: string;
  /** When they became friends */
  since: string;
}

export interface FriendRequest {
  from: Card;
  to: Card;
  /** A few words that go with it */
  greeting?: string;
  /** `ignored` is told to the one who ignores alone: to the other it stays `pending` */
  status: 'pending' | 'accepted' | 'rejected' | 'ignored';
  /** When it was last asked */
  createdAt: string;
  /** Nobody can answer it from then on */
  expiresAt: string;
}

export interface Group {
  /** Id: a decimal number in a string */
  id: string;
  /** The conversation of the group; the same as `id` */
  conversationId: string;
  /** Not only blanks */
  name: string;
  /** Http(s) URL, or a path of this server */
  avatar?: string;
  announcement?: string;
  /** Id: a decimal number in a string */
  ownerId: string;
  memberCount: number;
  /** `open`: anybody joins, and any member adds others; `approval`: owner and admins let those in who ask; `invite`: owner and admins add or invite */
  joinPolicy: 'open' | 'approval' | 'invite';
  /** New members see the messages from their joining on, or all that there are */
  history: 'joined' | 'all';
  /** Only owner and admins may write */
  muteAll: boolean;
  /** UTC with milliseconds: 2026-01-31T09:30:00.000Z */
  createdAt: string;
}

export interface GroupRequest {
  group: {
    /** Id: a decimal number in a string */
    id: string;
    /** Not only blanks */
    name: string;
    /** Http(s) URL, or a path of this server */
    avatar?: string;
  };
  /** Asked by the user, answered by owner and admins; or the other way round */
  kind: 'join' | 'invitation';
  /** Who is to become a member */
  user: Card;
  /** Who has sent the invitation */
  by?: Card;
  /** A few words that go with it */
  words?: string;
  status: 'pending' | 'accepted' | 'rejected';
  /** UTC with milliseconds: 2026-01-31T09:30:00.000Z */
  createdAt: string;
  /** Nobody can answer it from then on */
  expiresAt: string;
}

export interface Head {
  /** `syncSeq` of the last entry of the stream; 0: none yet */
  head: number;
  /** Another one once the server was set back to an older state: what is held is to be loaded again */
  epoch: string;
  /** `syncSeq` of the oldest entry that is still kept */
  first: number;
}

export interface ImageContent {
  /** Absent where the file is at another host */
  mediaId?: string;
  /** Where it is read for a while; `message:batch` gives the message with a new one */
  url: string;
  /** Bytes */
  size: number;
  mime: string;
  /** Pixels */
  width?: number;
  /** Pixels */
  height?: number;
  /** A placeholder of some colours, see blurha.sh */
  blurhash?: string;
  /** Of a small picture; good as long as `url` */
  thumbnailUrl?: string;
  name?: string;
}

export interface Joined {
  /** The caller is a member now; if not, the request waits for an answer */
  joined: boolean;
  request?: GroupRequest;
}

export interface Limits {
  /** Largest event and REST body */
  packetMaxBytes: number;
  /** Longest text of a message, in bytes of UTF-8 */
  textMaxBytes: number;
  /** Largest content of other types, in bytes of JSON */
  contentMaxBytes: number;
  /** Largest `extra`, in bytes of JSON */
  extraMaxBytes: number;
  /** Largest content of messages that are forwarded as one, in bytes of JSON */
  mergedMaxBytes: number;
  /** Largest file of each kind of media */
  mediaMaxBytes: {
    /** Bytes */
    image: number;
    /** Bytes */
    video: number;
    /** Bytes */
    voice: number;
    /** Bytes */
    file: number;
  };
  /** Most members of a group */
  groupMaxMembers: number;
  /** How long a sender may take a message back */
  recallSeconds: number;
  /** How long a sender may edit a text */
  editSeconds: number;
}

export interface ListConversations {
  /** The `nextCursor` of the page before; what has moved up since is not repeated: the stream tells of it */
  cursor?: string;
  /** Most items of one answer */
  limit?: number;
}

export interface ListFriendRequests {
  /** Those to the caller, or those of the caller */
  direction?: 'in' | 'out';
  /** The `nextCursor` of the page before */
  cursor?: string;
  /** Most items of one answer */
  limit?: number;
}

export interface ListOnline {
  /** The `nextCursor` of the page before */
  cursor?: string;
  /** Most items of one answer */
  limit?: number;
}

export interface ListSessions {
  /** The `nextCursor` of the page before */
  cursor?: string;
  /** Most items of one answer */
  limit?: number;
}

export interface LocationContent {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

export interface Login {
  /** Letters, digits and _ . @ + -; upper and lower case are the same */
  account: string;
  password: string;
  /** Tenant: users of one never meet those of another */
  app?: string;
  /** One client installation; made by the server when absent */
  deviceId?: string;
  platform?: 'web' | 'ios' | 'android' | 'desktop' | 'mini' | 'other';
}

export interface Me {
  /** Id: a decimal number in a string */
  id: string;
  /** In lower case */
  account: string;
  name: string;
  /** Http(s) URL, or a path of this server */
  avatar?: string;
  gender?: 'male' | 'female' | 'other';
  /** What the user says of themselves */
  signature?: string;
  /** Picture behind the user's profile */
  background?: string;
  /** How often name and avatar were changed; absent: never */
  version?: number;
  /** The user has deleted the account: the name is empty, and a client shows "deleted user" */
  deleted?: true;
  /** Tenant */
  app: string;
  phone?: string;
  /** Nobody sees whether the user is online, and was when */
  hidePresence: boolean;
  privacy: Privacy;
}

export interface Media {
  /** What a message names it by */
  id: string;
  /** What its content is: of which type a message with it is */
  kind: 'image' | 'video' | 'voice' | 'file';
  /** Bytes */
  size: number;
  mime: string;
  /** Of the file that was uploaded */
  name?: string;
  /** Pixels */
  width?: number;
  /** Pixels */
  height?: number;
  /** Seconds */
  duration?: number;
  /** A blurred picture as text, to show until the picture is there */
  blurhash?: string;
  /** Where its uploader reads it for a while; the picture of a user or a group may be given so, too */
  url: string;
  /** Of a small picture; good as long as `url` */
  thumbnailUrl?: string;
}

export interface Member {
  /** Id: a decimal number in a string */
  userId: string;
  /** The user's name */
  name: string;
  /** Http(s) URL, or a path of this server */
  avatar?: string;
  /** Of the user's card */
  version?: number;
  role: 'owner' | 'admin' | 'member';
  /** The member's own name in this group */
  alias?: string;
  /** The member may not write until then */
  mutedUntil?: string;
  /** UTC with milliseconds: 2026-01-31T09:30:00.000Z */
  joinedAt: string;
}

export interface MergedContent {
  /** The name of the group they were in; absent when it was no group */
  title?: string;
  /** Several messages forwarded as one, in their order */
  messages: {
    /** Id: a decimal number in a string */
    senderId?: string;
    senderName: string;
    type: string;
    /** By `type` */
    content: Record<string, unknown>;
    /** UTC with milliseconds: 2026-01-31T09:30:00.000Z */
    sentAt: string;
  }[];
}

export interface Message {
  /** Id: a decimal number in a string */
  conversationId: string;
  /** Place in the conversation */
  seq: number;
  /** UUID made by the sender; the same one again is the same message, or refused with `CONFLICT` */
  clientMsgId: string;
  /** Absent when the server itself wrote it */
  senderId?: string;
  /** `version` of the sender's card when it was stored; a device that has an older one loads it anew */
  senderVersion?: number;
  type: 'text' | 'image' | 'video' | 'voice' | 'file' | 'location' | 'custom' | 'merged' | 'system' | 'notice';
  /** By `type`; `{}` when it is recalled */
  content: Record<string, unknown>;
  /** `seq` of the message of this conversation that is answered */
  replyTo?: number;
  /** Members whom the message names */
  mentions?: string[];
  /** It names all members of the group; owner and admins may */
  mentionAll?: true;
  /** Whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON */
  extra?: Record<string, unknown>;
  /** When it was stored */
  sentAt: string;
  /** When it was last edited */
  editedAt?: string;
  /** Taken back: this is what is left of it */
  recalled?: {
    /** Id: a decimal number in a string */
    by: string;
    /** UTC with milliseconds: 2026-01-31T09:30:00.000Z */
    at: string;
  };
  /** Deleted for both sides since; only in a stream, and not to be shown */
  deleted?: true;
  /** In history and lists alone; a stream has each as an entry of its own */
  reactions?: {
    /** An emoji, or a name the clients agree on; no blanks around it */
    reaction: string;
    count: number;
    /** The first 100 who reacted so */
    userIds: string[];
  }[];
}

export interface NoticeContent {
  title: string;
  text: string;
  /** Http(s) URL, or a path of this server */
  link?: string;
  /** What the client is to do, as the clients agree */
  event?: Record<string, unknown>;
  /** It is not shown and not counted as unread from then on */
  expiresAt?: string;
}

export interface OnlineCount {
  /** Users of this tenant who are connected */
  count: number;
}

export interface Presence {
  /** Id: a decimal number in a string */
  userId: string;
  online: boolean;
  /** Of the devices that are connected */
  platforms: ('web' | 'ios' | 'android' | 'desktop' | 'mini' | 'other')[];
  /** When the user was last connected, to about a minute; absent while online, and when it is not known */
  lastSeenAt?: string;
}

export interface Privacy {
  /** Who adds the user to groups; others invite */
  groups: 'everyone' | 'friends' | 'nobody';
  /** Who writes to the user, as far as the service allows it */
  messages: 'everyone' | 'friends' | 'nobody';
  /** Who finds the user by the phone number */
  phone: 'everyone' | 'friends' | 'nobody';
  /** Who sees whether the user is online: of `everyone` friends and members of common groups */
  presence: 'everyone' | 'friends' | 'nobody';
}

export interface Pull {
  /** `syncSeq` of the last entry that was applied */
  after: number;
  /** Most items of one answer */
  limit?: number;
}

export interface PulledEntries {
  entries: Entry[];
  /** `syncSeq` of the last entry of the stream; 0: none yet */
  head: number;
  /** Another one once the server was set back to an older state: what is held is to be loaded again */
  epoch: string;
  /** Pull again after the last of these */
  hasMore: boolean;
  /** Some entries after that place are purged, or the place is past `head`: reload conversations and history */
  resync?: boolean;
}

export interface PushedEntries {
  entries: Entry[];
}

export interface ReadState {
  /** Id: a decimal number in a string */
  conversationId: string;
  /** The place after this; it never moves back */
  readSeq: number;
  /** How many messages the caller has not read */
  unread: number;
}

export interface Receipt {
  /** A device of the other user has all up to this `seq`; of users who do not show whether they are online, what is read */
  deliveredSeq: number;
  /** The other user has read everything up to this `seq` */
  readSeq: number;
}

export interface ReceiptCount {
  /** How many of the others have it on a device */
  delivered: number;
  /** How many of the others have read it */
  read: number;
  /** How many others it was for and are members now */
  total: number;
}

export interface Refresh {
  refreshToken: string;
  /** The device that asks: one that is not the token’s ends the session */
  deviceId?: string;
}

export interface Register {
  /** Letters, digits and _ . @ + -; upper and lower case are the same */
  account: string;
  password: string;
  /** Not only blanks */
  name: string;
  /** As the user says, nobody has verified it: several users may have the same, and a search finds them all */
  phone?: string;
  /** Tenant: users of one never meet those of another */
  app?: string;
  /** One client installation; made by the server when absent */
  deviceId?: string;
  platform?: 'web' | 'ios' | 'android' | 'desktop' | 'mini' | 'other';
}

export interface SearchUsers {
  /** A whole account or phone number, or the beginning of a name */
  q: string;
  /** The `nextCursor` of the page before */
  cursor?: string;
  /** Most items of one answer */
  limit?: number;
}

export type SendMessage =
  | SendMessageText
  | SendMessageImage
  | SendMessageVideo
  | SendMessageVoice
  | SendMessageFile
  | SendMessageLocation
  | SendMessageCustom;

export interface SendMessageCustom {
  /** Where to; this or `to` */
  conversationId?: string;
  /** To whom; this or `conversationId` */
  to?: {
    /** Id: a decimal number in a string */
    userId: string;
  };
  /** UUID made by the sender; the same one again is the same message, or refused with `CONFLICT` */
  clientMsgId: string;
  type: 'custom';
  /** Any JSON object, 32 levels deep at most */
  content: Record<string, unknown>;
  /** `seq` of the message of this conversation that is answered */
  replyTo?: number;
  /** Members whom the message names */
  mentions?: string[];
  /** It names all members of the group; owner and admins may */
  mentionAll?: true;
  /** Whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON */
  extra?: Record<string, unknown>;
}

export interface SendMessageFile {
  /** Where to; this or `to` */
  conversationId?: string;
  /** To whom; this or `conversationId` */
  to?: {
    /** Id: a decimal number in a string */
    userId: string;
  };
  /** UUID made by the sender; the same one again is the same message, or refused with `CONFLICT` */
  clientMsgId: string;
  type: 'file';
  content:
    | {
        /** `id` of what the sender has uploaded */
        mediaId: string;
        /** Default: as it was uploaded */
        name?: string;
      }
    | {
        /** At another host */
        url: string;
        /** Bytes */
        size: number;
        mime: string;
        name: string;
      };
  /** `seq` of the message of this conversation that is answered */
  replyTo?: number;
  /** Members whom the message names */
  mentions?: string[];
  /** It names all members of the group; owner and admins may */
  mentionAll?: true;
  /** Whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON */
  extra?: Record<string, unknown>;
}

export interface SendMessageImage {
  /** Where to; this or `to` */
  conversationId?: string;
  /** To whom; this or `conversationId` */
  to?: {
    /** Id: a decimal number in a string */
    userId: string;
  };
  /** UUID made by the sender; the same one again is the same message, or refused with `CONFLICT` */
  clientMsgId: string;
  type: 'image';
  content:
    | {
        /** `id` of what the sender has uploaded */
        mediaId: string;
      }
    | {
        /** At another host */
        url: string;
        /** Bytes */
        size: number;
        mime: string;
        /** Pixels */
        width?: number;
        /** Pixels */
        height?: number;
        /** At another host */
        thumbnailUrl?: string;
        name?: string;
      };
  /** `seq` of the message of this conversation that is answered */
  replyTo?: number;
  /** Members whom the message names */
  mentions?: string[];
  /** It names all members of the group; owner and admins may */
  mentionAll?: true;
  /** Whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON */
  extra?: Record<string, unknown>;
}

export interface SendMessageLocation {
  /** Where to; this or `to` */
  conversationId?: string;
  /** To whom; this or `conversationId` */
  to?: {
    /** Id: a decimal number in a string */
    userId: string;
  };
  /** UUID made by the sender; the same one again is the same message, or refused with `CONFLICT` */
  clientMsgId: string;
  type: 'location';
  content: LocationContent;
  /** `seq` of the message of this conversation that is answered */
  replyTo?: number;
  /** Members whom the message names */
  mentions?: string[];
  /** It names all members of the group; owner and admins may */
  mentionAll?: true;
  /** Whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON */
  extra?: Record<string, unknown>;
}

export interface SendMessageText {
  /** Where to; this or `to` */
  conversationId?: string;
  /** To whom; this or `conversationId` */
  to?: {
    /** Id: a decimal number in a string */
    userId: string;
  };
  /** UUID made by the sender; the same one again is the same message, or refused with `CONFLICT` */
  clientMsgId: string;
  type: 'text';
  content: TextContent;
  /** `seq` of the message of this conversation that is answered */
  replyTo?: number;
  /** Members whom the message names */
  mentions?: string[];
  /** It names all members of the group; owner and admins may */
  mentionAll?: true;
  /** Whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON */
  extra?: Record<string, unknown>;
}

export interface SendMessageVideo {
  /** Where to; this or `to` */
  conversationId?: string;
  /** To whom; this or `conversationId` */
  to?: {
    /** Id: a decimal number in a string */
    userId: string;
  };
  /** UUID made by the sender; the same one again is the same message, or refused with `CONFLICT` */
  clientMsgId: string;
  type: 'video';
  content:
    | {
        /** `id` of what the sender has uploaded */
        mediaId: string;
        /** A picture, to be shown before the video is */
        posterId?: string;
      }
    | {
        /** At another host */
        url: string;
        /** Bytes */
        size: number;
        mime: string;
        /** Pixels */
        width?: number;
        /** Pixels */
        height?: number;
        /** At another host */
        thumbnailUrl?: string;
        /** Seconds */
        duration?: number;
        name?: string;
      };
  /** `seq` of the message of this conversation that is answered */
  replyTo?: number;
  /** Members whom the message names */
  mentions?: string[];
  /** It names all members of the group; owner and admins may */
  mentionAll?: true;
  /** Whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON */
  extra?: Record<string, unknown>;
}

export interface SendMessageVoice {
  /** Where to; this or `to` */
  conversationId?: string;
  /** To whom; this or `conversationId` */
  to?: {
    /** Id: a decimal number in a string */
    userId: string;
  };
  /** UUID made by the sender; the same one again is the same message, or refused with `CONFLICT` */
  clientMsgId: string;
  type: 'voice';
  content:
    | {
        /** `id` of what the sender has uploaded */
        mediaId: string;
      }
    | {
        /** At another host */
        url: string;
        /** Bytes */
        size: number;
        mime: string;
        /** Seconds */
        duration: number;
      };
  /** `seq` of the message of this conversation that is answered */
  replyTo?: number;
  /** Members whom the message names */
  mentions?: string[];
  /** It names all members of the group; owner and admins may */
  mentionAll?: true;
  /** Whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON */
  extra?: Record<string, unknown>;
}

export interface SentMessage {
  /** Id: a decimal number in a string */
  conversationId: string;
  /** Place in the conversation */
  seq: number;
  /** UUID made by the sender; the same one again is the same message, or refused with `CONFLICT` */
  clientMsgId: string;
  /** Absent when the server itself wrote it */
  senderId?: string;
  /** `version` of the sender's card when it was stored; a device that has an older one loads it anew */
  senderVersion?: number;
  type: 'text' | 'image' | 'video' | 'voice' | 'file' | 'location' | 'custom' | 'merged' | 'system' | 'notice';
  /** By `type`; `{}` when it is recalled */
  content: Record<string, unknown>;
  /** `seq` of the message of this conversation that is answered */
  replyTo?: number;
  /** Members whom the message names */
  mentions?: string[];
  /** It names all members of the group; owner and admins may */
  mentionAll?: true;
  /** Whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON */
  extra?: Record<string, unknown>;
  /** When it was stored */
  sentAt: string;
  /** When it was last edited */
  editedAt?: string;
  /** Taken back: this is what is left of it */
  recalled?: {
    /** Id: a decimal number in a string */
    by: string;
    /** UTC with milliseconds: 2026-01-31T09:30:00.000Z */
    at: string;
  };
  /** Deleted for both sides since; only in a stream, and not to be shown */
  deleted?: true;
  /** In history and lists alone; a stream has each as an entry of its own */
  reactions?: {
    /** An emoji, or a name the clients agree on; no blanks around it */
    reaction: string;
    count: number;
    /** The first 100 who reacted so */
    userIds: string[];
  }[];
  /** Place of its entry in the sender's own stream */
  syncSeq: number;
}

export interface Session {
  user: Me;
  /** One client installation; made by the server when absent */
  deviceId: string;
  /** Shown with every call and connection */
  accessToken: string;
  /** Good for one `POST /auth/refresh`, which may be repeated for a minute */
  refreshToken: string;
  /** Seconds the access token is good for */
  expiresIn: number;
}

export interface SessionClosed {
  /** Logged out; another login took its place; the password was changed; ended by the user elsewhere, or for safety; deleted */
  reason: 'logout' | 'replaced' | 'password' | 'revoked' | 'deleted';
}

export interface Settings {
  /** Kept above the others by the caller */
  pinned: boolean;
  /** `silent`: without a sound; `none`: muted, not counted in the total of unread messages either */
  notify: 'normal' | 'silent' | 'none';
  /** What the caller has begun to write */
  draft?: string;
  /** Marked as unread by the caller, until it is read or written to */
  markedUnread: boolean;
  /** Deleted for the caller: not in the list until the next message */
  hidden: boolean;
  /** History up to this `seq` is gone for the caller */
  clearedSeq: number;
}

export interface StarredMessage {
  message: Message;
  /** UTC with milliseconds: 2026-01-31T09:30:00.000Z */
  starredAt: string;
}

export interface SystemContent {
  /** What happened in the group; `muted`, `unmuted`: all its plain members */
  event: 'added' | 'joined' | 'left' | 'removed' | 'renamed' | 'announced' | 'transferred' | 'muted' | 'unmuted';
  /** The user who did it */
  by: string;
  /** To whom: those added or removed, the new owner */
  userIds?: string[];
  /** The new name of the group */
  name?: string;
}

export interface TextContent {
  /** At most `IM_TEXT_MAX_BYTES` bytes of UTF-8 */
  text: string;
}

export interface UnreadTotal {
  /** Unread messages of all conversations that are not muted; one that is marked as unread counts as 1 at least */
  total: number;
  /** The same of those with `notify: none` */
  muted: number;
  /** One of the unread messages mentions the caller */
  mentioned: boolean;
}

export interface UpdateMe {
  /** Not only blanks */
  name?: string;
  phone?: string | null;
  avatar?: string | null;
  gender?: 'male' | 'female' | 'other' | null;
  signature?: string | null;
  background?: string | null;
  /** Nobody sees whether the user is online, and was when */
  hidePresence?: boolean;
  privacy?: {
    /** Who adds the user to groups; others invite */
    groups?: 'everyone' | 'friends' | 'nobody';
    /** Who writes to the user, as far as the service allows it */
    messages?: 'everyone' | 'friends' | 'nobody';
    /** Who finds the user by the phone number */
    phone?: 'everyone' | 'friends' | 'nobody';
    /** Who sees whether the user is online: of `everyone` friends and members of common groups */
    presence?: 'everyone' | 'friends' | 'nobody';
  };
}

export interface User {
  /** Id: a decimal number in a string */
  id: string;
  /** In lower case */
  account: string;
  name: string;
  /** Http(s) URL, or a path of this server */
  avatar?: string;
  gender?: 'male' | 'female' | 'other';
  /** What the user says of themselves */
  signature?: string;
  /** Picture behind the user's profile */
  background?: string;
  /** How often name and avatar were changed; absent: never */
  version?: number;
  /** The user has deleted the account: the name is empty, and a client shows "deleted user" */
  deleted?: true;
}

export interface VideoContent {
  /** Absent where the file is at another host */
  mediaId?: string;
  /** Where it is read for a while; `message:batch` gives the message with a new one */
  url: string;
  /** Bytes */
  size: number;
  mime: string;
  /** A picture, to be shown before the video is */
  posterId?: string;
  /** Pixels */
  width?: number;
  /** Pixels */
  height?: number;
  /** A placeholder of some colours, see blurha.sh */
  blurhash?: string;
  /** Of a small picture; good as long as `url` */
  thumbnailUrl?: string;
  name?: string;
  /** Seconds */
  duration?: number;
}

export interface VoiceContent {
  /** Absent where the file is at another host */
  mediaId?: string;
  /** Where it is read for a while; `message:batch` gives the message with a new one */
  url: string;
  /** Bytes */
  size: number;
  mime: string;
  /** Seconds */
  duration?: number;
}

export interface Watch {
  /** Friends, and members of own groups */
  userIds: string[];
}

/** What a message of each type holds */
export interface Contents {
  text: TextContent;
  image: ImageContent;
  video: VideoContent;
  voice: VoiceContent;
  file: FileContent;
  location: LocationContent;
  custom: Record<string, unknown>;
  merged: MergedContent;
  system: SystemContent;
  notice: NoticeContent;
}

/** What an entry of each type carries */
export interface EntryData {
  'message.new': {
    messages: Message[];
  };
  'message.edited': {
    messages: Message[];
  };
  'message.recalled': {
    messages: Message[];
  };
  'message.deleted': {
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
  };
  'message.hidden': {
    seqs: number[];
  };
  'message.reacted': {
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    /** Id: a decimal number in a string */
    userId: string;
    reaction: string;
    reacted: boolean;
  };
  'message.pinned': {
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    pinned: boolean;
    /** The user who did it */
    by: string;
  };
  'message.starred': {
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    starred: boolean;
  };
  'conversation.read': {
    /** The user has read everything up to this `seq` */
    readSeq: number;
    /** How many messages are unread after that */
    unread: number;
  };
  'conversation.receipt': Receipt;
  'conversation.updated': {
    settings: Settings;
    /** The user has read everything up to this `seq` */
    readSeq: number;
    /** How many messages are unread after that */
    unread: number;
  };
  'group.created': {
    group: Group;
    /** The user who did it */
    by: string;
  };
  'group.updated': {
    group: Group;
    /** The user who did it */
    by: string;
  };
  'group.members_added': {
    group: Group;
    /** Those added or removed */
    userIds: string[];
    /** Those of them who were muted when they left, and still are */
    muted?: {
      /** Id: a decimal number in a string */
      userId: string;
      /** The member may not write until then */
      mutedUntil: string;
    }[];
    /** The user who did it */
    by: string;
  };
  'group.members_removed': {
    /** Those added or removed */
    userIds: string[];
    /** The user who did it */
    by: string;
  };
  'group.member_updated': {
    /** Id: a decimal number in a string */
    userId: string;
    role: 'owner' | 'admin' | 'member';
    /** Not only blanks */
    alias?: string;
    /** UTC with milliseconds: 2026-01-31T09:30:00.000Z */
    mutedUntil?: string;
    /** The user who did it */
    by: string;
  };
  'group.dissolved': {
    /** The user who did it */
    by: string;
  };
  'group.unbanned': {
    /** Id: a decimal number in a string */
    userId: string;
    /** The user who did it */
    by: string;
  };
  'group.requests': {
    requests: GroupRequest[];
  };
  'me.updated': {
    me: Me;
  };
  'user.updated': {
    user: User;
  };
  'friend.request': {
    request: FriendRequest;
  };
  'friend.updated': {
    friend: Friend;
  };
  'friend.removed': {
    /** Id: a decimal number in a string */
    userId: string;
  };
  'block.updated': {
    /** Id: a decimal number in a string */
    userId: string;
    blocked: boolean;
  };
}

/** What the server sends by itself */
export interface ServerEvents {
  'sync:head': Head;
  'sync:push': PushedEntries;
  'conversation:typing': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Who is typing */
    userId: string;
    typing: boolean;
  };
  'presence:changed': Presence;
  'session:closed': SessionClosed;
  'connection:closed': {
    error: Failure;
  };
  'request:failed': {
    event: string;
    error: Failure;
  };
}

/** What each call is sent */
export interface Inputs {
  'auth.register': Register;
  'auth.login': Login;
  'auth.refresh': Refresh;
  'auth.logout': Empty;
  'auth.password': ChangePassword;
  'session.index': ListSessions;
  'session.remove': {
    /** One client installation; made by the server when absent */
    deviceId: string;
  };
  'user.me': Empty;
  'user.update': UpdateMe;
  'user.destroy': DestroyMe;
  'user.search': SearchUsers;
  'user.batch': BatchUsers;
  'user.show': {
    /** Id: a decimal number in a string */
    userId: string;
  };
  'friend.index': {
    /** The `nextCursor` of the page before */
    cursor?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'friend.update': {
    /** Id: a decimal number in a string */
    userId: string;
    /** `null` takes it away */
    alias: string | null;
  };
  'friend.remove': {
    /** Id: a decimal number in a string */
    userId: string;
  };
  'friend.requests': ListFriendRequests;
  'friend.ask': AskFriend;
  'friend.answer': {
    /** Id: a decimal number in a string */
    userId: string;
    answer: 'accept' | 'reject' | 'ignore';
  };
  'block.index': {
    /** The `nextCursor` of the page before */
    cursor?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'block.create': {
    /** Id: a decimal number in a string */
    userId: string;
  };
  'block.remove': {
    /** Id: a decimal number in a string */
    userId: string;
  };
  'conversation.index': ListConversations;
  'conversation.show': {
    /** Id: a decimal number in a string */
    conversationId: string;
  };
  'conversation.update': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Kept above the others by the caller */
    pinned?: boolean;
    /** `silent`: without a sound; `none`: muted, not counted in the total of unread messages either */
    notify?: 'normal' | 'silent' | 'none';
    /** `null` or nothing but blanks takes it away */
    draft?: string | null;
    /** Reading takes the mark away; where there is no message yet, none is put */
    markedUnread?: true;
  };
  'conversation.read': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** `seq` of the last message that was read */
    seq: number;
  };
  'conversation.clear': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** `seq` of the last message that is meant, default: the last there is; what is gone up to there is passed over */
    seq?: number;
  };
  'conversation.remove': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** `seq` of the last message that is meant, default: the last there is; what is gone up to there is passed over */
    seq?: number;
  };
  'conversation.readAll': Empty;
  'conversation.unread': Empty;
  'conversation.typing': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Begins, or ends */
    typing: boolean;
  };
  'message.send': SendMessage;
  'message.index': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Messages before this `seq`, the nearest; with `after`: of those between. `nextCursor` is the next one */
    before?: number;
    /** Messages after this `seq`, the nearest. Without `before`, `nextCursor` is the next one */
    after?: number;
    /** Only sent then or later; without `before` from the first of these on, as with `after`: a jump to a date */
    from?: string;
    /** Only sent before then */
    until?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'message.batch': {
    /** Id: a decimal number in a string */
    conversationId: string;
    seqs: number[];
  };
  'message.edit': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    content: TextContent;
    /** Members whom it names now, in place of those before */
    mentions?: string[];
  };
  'message.recall': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
  };
  'message.remove': {
    /** Id: a decimal number in a string */
    conversationId: string;
    seqs: number[];
    /** `me`: the caller alone; `both`: own messages, for both sides of a single conversation, as if never sent */
    for: 'me' | 'both';
  };
  'message.react': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    /** An emoji, or a name the clients agree on; no blanks around it */
    reaction: string;
    /** Puts it there, or takes it away */
    reacted: boolean;
  };
  'message.receipts': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
  };
  'message.readers': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    /** The `nextCursor` of the page before */
    cursor?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'message.forward': ForwardMessages;
  'message.pin': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    pinned: boolean;
  };
  'message.pins': {
    /** Id: a decimal number in a string */
    conversationId: string;
  };
  'message.star': {
    /** Id: a decimal number in a string */
    conversationId: string;
    /** Number of an item: 1, 2, 3 … without a gap */
    seq: number;
    starred: boolean;
  };
  'message.stars': {
    /** The `nextCursor` of the page before */
    cursor?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'message.search': {
    /** Words with blanks between, all of which are in the message, in upper or lower case; needed without `conversationId` and `type` */
    q?: string;
    /** Only in this one */
    conversationId?: string;
    /** Only from this user */
    senderId?: string;
    /** Only of this type; `link`: texts with an http(s) link in them */
    type?: 'text' | 'image' | 'video' | 'file' | 'location' | 'link';
    /** Only sent then or later */
    from?: string;
    /** Only sent before then */
    until?: string;
    /** The `nextCursor` of the page before */
    cursor?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'group.create': CreateGroup;
  'group.show': {
    /** Id: a decimal number in a string */
    groupId: string;
  };
  'group.update': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** Not only blanks */
    name?: string;
    avatar?: string | null;
    announcement?: string | null;
    /** `open`: anybody joins, and any member adds others; `approval`: owner and admins let those in who ask; `invite`: owner and admins add or invite */
    joinPolicy?: 'open' | 'approval' | 'invite';
    /** New members see the messages from their joining on, or all that there are */
    history?: 'joined' | 'all';
    muteAll?: boolean;
  };
  'group.transfer': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** Id: a decimal number in a string */
    userId: string;
  };
  'group.dissolve': {
    /** Id: a decimal number in a string */
    groupId: string;
  };
  'group.join': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** A few words that go with it */
    words?: string;
  };
  'group.leave': {
    /** Id: a decimal number in a string */
    groupId: string;
  };
  'member.index': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** The `nextCursor` of the page before */
    cursor?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'member.show': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** Id: a decimal number in a string */
    userId: string;
  };
  'member.add': {
    /** Id: a decimal number in a string */
    groupId: string;
    userIds: string[];
  };
  'member.remove': {
    /** Id: a decimal number in a string */
    groupId: string;
    userIds: string[];
  };
  'member.bans': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** The `nextCursor` of the page before */
    cursor?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'member.unban': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** Id: a decimal number in a string */
    userId: string;
  };
  'member.update': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** Id: a decimal number in a string */
    userId: string;
    /** Given by the owner */
    role?: 'admin' | 'member';
    /** By the owner, or of plain members by an admin */
    mutedUntil?: string | null;
    /** Each member for themselves */
    alias?: string | null;
  };
  'member.invite': {
    /** Id: a decimal number in a string */
    groupId: string;
    userIds: string[];
    /** A few words that go with it */
    words?: string;
  };
  'member.requests': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** The `nextCursor` of the page before */
    cursor?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'member.answer': {
    /** Id: a decimal number in a string */
    groupId: string;
    /** Id: a decimal number in a string */
    userId: string;
    answer: 'accept' | 'reject';
  };
  'member.invitations': {
    /** The `nextCursor` of the page before */
    cursor?: string;
    /** Most items of one answer */
    limit?: number;
  };
  'presence.watch': Watch;
  'presence.unwatch': Watch;
  'presence.show': Watch;
  'presence.index': ListOnline;
  'presence.count': Empty;
  'upload.show': {
    /** What the address of the upload ends with */
    uploadId: string;
  };
  'sync.pull': Pull;
  'sync.ack': Ack;
  'limits.show': Empty;
}

/** What each call answers */
export interface Outputs {
  'auth.register': Session;
  'auth.login': Session;
  'auth.refresh': Session;
  'auth.logout': Empty;
  'auth.password': Session;
  'session.index': Device[];
  'session.remove': Empty;
  'user.me': Me;
  'user.update': Me;
  'user.destroy': Empty;
  'user.search': Card[];
  'user.batch': Card[];
  'user.show': User;
  'friend.index': Friend[];
  'friend.update': Friend;
  'friend.remove': Empty;
  'friend.requests': FriendRequest[];
  'friend.ask': FriendRequest;
  'friend.answer': FriendRequest;
  'block.index': Card[];
  'block.create': Empty;
  'block.remove': Empty;
  'conversation.index': Conversation[];
  'conversation.show': Conversation;
  'conversation.update': Conversation;
  'conversation.read': ReadState;
  'conversation.clear': Conversation;
  'conversation.remove': Empty;
  'conversation.readAll': Empty;
  'conversation.unread': UnreadTotal;
  'conversation.typing': Empty;
  'message.send': SentMessage;
  'message.index': Message[];
  'message.batch': Message[];
  'message.edit': Message;
  'message.recall': Message;
  'message.remove': Empty;
  'message.react': Empty;
  'message.receipts': ReceiptCount;
  'message.readers': {
    /** Id: a decimal number in a string */
    userId: string;
  }[];
  'message.forward': SentMessage[];
  'message.pin': Empty;
  'message.pins': Message[];
  'message.star': Empty;
  'message.stars': StarredMessage[];
  'message.search': Message[];
  'group.create': Group;
  'group.show': Group;
  'group.update': Group;
  'group.transfer': Group;
  'group.dissolve': Empty;
  'group.join': Joined;
  'group.leave': Empty;
  'member.index': Member[];
  'member.show': Member;
  'member.add': Group;
  'member.remove': Group;
  'member.bans': Ban[];
  'member.unban': Empty;
  'member.update': Member;
  'member.invite': GroupRequest[];
  'member.requests': GroupRequest[];
  'member.answer': GroupRequest;
  'member.invitations': GroupRequest[];
  'presence.watch': Presence[];
  'presence.unwatch': Empty;
  'presence.show': Presence[];
  'presence.index': Presence[];
  'presence.count': OnlineCount;
  'upload.show': Media;
  'sync.pull': PulledEntries;
  'sync.ack': Acked;
  'limits.show': Limits;
}

/** A page of a list; `nextCursor` is the `cursor` of the next, absent on the last */
export interface Page<T> {
  readonly items: T;
  readonly nextCursor?: string;
}

/** Every call of the protocol; each rejects with an ImError */
export interface Api {
  readonly auth: {
    /** Makes an account and logs in. */
    register(input: Inputs['auth.register']): Promise<Session>;
    /** Begins a session of this device; what it had before ends. */
    login(input: Inputs['auth.login']): Promise<Session>;
    /** Changes a refresh token for new tokens; using one again after more than a minute ends the session. */
    refresh(input: Inputs['auth.refresh']): Promise<Session>;
    /** Ends the session of this device. */
    logout(): Promise<Empty>;
    /** Changes the password, ends the sessions of all other devices, and gives this one new tokens. */
    password(input: Inputs['auth.password']): Promise<Session>;
  };
  readonly session: {
    /** Own devices that are logged in, in order of their ids. */
    index(input?: Inputs['session.index']): Promise<Page<Device[]>>;
    /** Ends the session of an own device, also of this one, and closes its connections. */
    remove(input: Inputs['session.remove']): Promise<Empty>;
  };
  readonly user: {
    /** Own profile. */
    me(): Promise<Me>;
    /** Changes the own profile. */
    update(input?: Inputs['user.update']): Promise<Me>;
    /** Deletes the account: its profile, devices, friends and settings, and for both sides its single conversations. It leaves its groups, which it owned to others; what it wrote there stays, as that of a deleted user. */
    destroy(input: Inputs['user.destroy']): Promise<Empty>;
    /** Users of the tenant: the one with that account first, then those with that phone number, then those whose name begins so. */
    search(input: Inputs['user.search']): Promise<Page<Card[]>>;
    /** The cards of users by their ids; those who are not there are passed over. */
    batch(input: Inputs['user.batch']): Promise<Card[]>;
    /** Profile of a user. */
    show(input: Inputs['user.show']): Promise<User>;
  };
  readonly friend: {
    /** Own friends in order of id. */
    index(input?: Inputs['friend.index']): Promise<Page<Friend[]>>;
    /** Gives a friend another alias. */
    update(input: Inputs['friend.update']): Promise<Friend>;
    /** Ends a friendship; who is none is passed over. */
    remove(input: Inputs['friend.remove']): Promise<Empty>;
    /** Friend requests, the latest first. */
    requests(input?: Inputs['friend.requests']): Promise<Page<FriendRequest[]>>;
    /** Asks a user to become a friend; when that user has asked already, they are friends at once. */
    ask(input: Inputs['friend.ask']): Promise<FriendRequest>;
    /** Answers the request of a user; one that was ignored may be answered later. */
    answer(input: Inputs['friend.answer']): Promise<FriendRequest>;
  };
  readonly block: {
    /** Blocked users in order of id. */
    index(input?: Inputs['block.index']): Promise<Page<Card[]>>;
    /** Blocks a user, who can then neither write to the caller nor ask or invite them; friends stay friends. */
    create(input: Inputs['block.create']): Promise<Empty>;
    /** Takes a block away; who is not blocked is passed over. */
    remove(input: Inputs['block.remove']): Promise<Empty>;
  };
  readonly conversation: {
    /** Own conversations that have messages, and groups: pinned ones first, then the latest activity. */
    index(input?: Inputs['conversation.index']): Promise<Page<Conversation[]>>;
    /** One conversation. */
    show(input: Inputs['conversation.show']): Promise<Conversation>;
    /** Pins, mutes, marks as unread or keeps a draft, for the caller. */
    update(input: Inputs['conversation.update']): Promise<Conversation>;
    /** Everything up to `seq` is read. */
    read(input: Inputs['conversation.read']): Promise<ReadState>;
    /** Clears the history for the caller. */
    clear(input: Inputs['conversation.clear']): Promise<Conversation>;
    /** Deletes the conversation for the caller: it comes back with the next message, without the history before. */
    remove(input: Inputs['conversation.remove']): Promise<Empty>;
    /** Everything in all conversations is read. */
    readAll(): Promise<Empty>;
    /** The red dot: unread messages of all conversations. */
    unread(): Promise<UnreadTotal>;
    /** Tells the others who are online that the caller is typing; nothing is stored. Not told in groups of more than 200. */
    typing(input: Inputs['conversation.typing']): Promise<Empty>;
  };
  readonly message: {
    /** Sends a message to a conversation or a user. The answer comes after it is stored for every recipient. */
    send(input: Inputs['message.send']): Promise<SentMessage>;
    /** Roaming history in ascending `seq`: the latest page, the one before `before`, the one after `after`, or from a time on. */
    index(input: Inputs['message.index']): Promise<Page<Message[]>>;
    /** Messages by their `seq`, in ascending order, if the caller may see them. `nextCursor` is the last `seq`: go on behind it. */
    batch(input: Inputs['message.batch']): Promise<Page<Message[]>>;
    /** Edits an own text. */
    edit(input: Inputs['message.edit']): Promise<Message>;
    /** Takes a message back: the sender for some time, owner and admins of a group always (an admin not that of the owner). */
    recall(input: Inputs['message.recall']): Promise<Message>;
    /** Deletes messages for the caller, or own messages for both sides of a single conversation. */
    remove(input: Inputs['message.remove']): Promise<Empty>;
    /** Puts a reaction to a message or takes it away. */
    react(input: Inputs['message.react']): Promise<Empty>;
    /** How many of the others have a message and have read it. */
    receipts(input: Inputs['message.receipts']): Promise<ReceiptCount>;
    /** Who of the others has read a message, in order of id. */
    readers(input: Inputs['message.readers']): Promise<
      Page<
        {
          /** Id: a decimal number in a string */
          userId: string;
        }[]
      >
    >;
    /** Forwards messages, each by itself or merged into one. */
    forward(input: Inputs['message.forward']): Promise<SentMessage[]>;
    /** Pins a message in the conversation, or not any more; in groups owner and admins. */
    pin(input: Inputs['message.pin']): Promise<Empty>;
    /** Pinned messages, the latest pinned first. */
    pins(input: Inputs['message.pins']): Promise<Message[]>;
    /** Stars a message for the caller, or not any more. */
    star(input: Inputs['message.star']): Promise<Empty>;
    /** Starred messages, the latest starred first. */
    stars(input?: Inputs['message.stars']): Promise<Page<StarredMessage[]>>;
    /** Own messages by words, or all of a type: conversations with the latest activity first, in each the latest messages first. */
    search(input?: Inputs['message.search']): Promise<Page<Message[]>>;
  };
  readonly group: {
    /** Makes a group of the caller and the users named who let the caller add them; invites the others. */
    create(input: Inputs['group.create']): Promise<Group>;
    /** A group the caller is in, or one that may be joined. */
    show(input: Inputs['group.show']): Promise<Group>;
    /** Changes a group (owner and admins). */
    update(input: Inputs['group.update']): Promise<Group>;
    /** Makes another member the owner (owner). */
    transfer(input: Inputs['group.transfer']): Promise<Group>;
    /** Ends a group, its conversation and messages (owner). */
    dissolve(input: Inputs['group.dissolve']): Promise<Empty>;
    /** Joins an open group, or asks to; a member stays one. */
    join(input: Inputs['group.join']): Promise<Joined>;
    /** Leaves the group; an owner's place goes to the admin, else member, who joined first. */
    leave(input: Inputs['group.leave']): Promise<Empty>;
  };
  readonly member: {
    /** Members in order of id. */
    index(input: Inputs['member.index']): Promise<Page<Member[]>>;
    /** One member. */
    show(input: Inputs['member.show']): Promise<Member>;
    /** Adds members (owner and admins; in an open group anybody); who does not let the caller add them is invited. */
    add(input: Inputs['member.add']): Promise<Group>;
    /** Removes members (owner and admins; an admin only plain members) and bans them: they can not come back by themselves. */
    remove(input: Inputs['member.remove']): Promise<Group>;
    /** Users who were removed and can not come back by themselves, in order of id (owner and admins). */
    bans(input: Inputs['member.bans']): Promise<Page<Ban[]>>;
    /** Lifts a ban (owner and admins); who is not banned is passed over. */
    unban(input: Inputs['member.unban']): Promise<Empty>;
    /** Changes a member's role, mute or alias. */
    update(input: Inputs['member.update']): Promise<Member>;
    /** Invites users (owner and admins; in an open group anybody); members are passed over. */
    invite(input: Inputs['member.invite']): Promise<GroupRequest[]>;
    /** Requests to join and invitations that wait for an answer, the latest first (owner and admins). */
    requests(input: Inputs['member.requests']): Promise<Page<GroupRequest[]>>;
    /** Answers a request to join (owner and admins), or the own invitation. */
    answer(input: Inputs['member.answer']): Promise<GroupRequest>;
    /** Own invitations and requests to join, the latest first. */
    invitations(input?: Inputs['member.invitations']): Promise<Page<GroupRequest[]>>;
  };
  readonly presence: {
    /** Tells who of these is online, and from now on of every change, until the connection ends or the caller may not see it any more. */
    watch(input: Inputs['presence.watch']): Promise<Presence[]>;
    /** Tells nothing more of these. */
    unwatch(input: Inputs['presence.unwatch']): Promise<Empty>;
    /** Who of these is online. */
    show(input: Inputs['presence.show']): Promise<Presence[]>;
    /** Those friends and members of own groups who are online, in order of id. A page may be short and not the last. */
    index(input?: Inputs['presence.index']): Promise<Page<Presence[]>>;
    /** How many are online. */
    count(): Promise<OnlineCount>;
  };
  readonly upload: {
    /** The file that an upload in parts has become, when it is whole. Its `id` is that of the upload. */
    show(input: Inputs['upload.show']): Promise<Media>;
  };
  readonly sync: {
    /** Entries of the own stream after a place. */
    pull(input: Inputs['sync.pull']): Promise<PulledEntries>;
    /** This device has everything up to `syncSeq`. */
    ack(input: Inputs['sync.ack']): Promise<Acked>;
  };
  readonly limits: {
    /** The limits of this server, for clients to know before they send. */
    show(): Promise<Limits>;
  };
}

/** The calls that are events */
export const events = [
  'auth.password',
  'session.index',
  'session.remove',
  'user.me',
  'user.update',
  'user.destroy',
  'user.search',
  'user.batch',
  'user.show',
  'friend.index',
  'friend.update',
  'friend.remove',
  'friend.requests',
  'friend.ask',
  'friend.answer',
  'block.index',
  'block.create',
  'block.remove',
  'conversation.index',
  'conversation.show',
  'conversation.update',
  'conversation.read',
  'conversation.clear',
  'conversation.remove',
  'conversation.readAll',
  'conversation.unread',
  'conversation.typing',
  'message.send',
  'message.index',
  'message.batch',
  'message.edit',
  'message.recall',
  'message.remove',
  'message.react',
  'message.receipts',
  'message.readers',
  'message.forward',
  'message.pin',
  'message.pins',
  'message.star',
  'message.stars',
  'message.search',
  'group.create',
  'group.show',
  'group.update',
  'group.transfer',
  'group.dissolve',
  'group.join',
  'group.leave',
  'member.index',
  'member.show',
  'member.add',
  'member.remove',
  'member.bans',
  'member.unban',
  'member.update',
  'member.invite',
  'member.requests',
  'member.answer',
  'member.invitations',
  'presence.watch',
  'presence.unwatch',
  'presence.show',
  'presence.index',
  'presence.count',
  'upload.show',
  'sync.pull',
  'sync.ack',
] as const;

/** The calls that answer a page */
export const paged = [
  'session.index',
  'user.search',
  'friend.index',
  'friend.requests',
  'block.index',
  'conversation.index',
  'message.index',
  'message.batch',
  'message.readers',
  'message.stars',
  'message.search',
  'member.index',
  'member.bans',
  'member.requests',
  'member.invitations',
  'presence.index',
] as const;

/** The calls that REST alone has */
export const routes = {
  'auth.register': ['POST', '/auth/register'],
  'auth.login': ['POST', '/auth/login'],
  'auth.refresh': ['POST', '/auth/refresh'],
  'auth.logout': ['POST', '/auth/logout'],
  'limits.show': ['GET', '/limits'],
} as const;
