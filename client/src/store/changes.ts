/** What a transaction has changed, for those who show it. */
export interface Changes {
  /** The ids of conversations whose row has changed. */
  readonly conversations: readonly string[];
  /** The ids of conversations with changed messages, outbox or pins. */
  readonly messages: readonly string[];
  /** The ids of users with changed cards. */
  readonly cards: readonly string[];
  /** The ids of groups that have changed, or their members. */
  readonly groups: readonly string[];
  /** Which of the lists of the user. */
  readonly lists: readonly ListName[];
  /** Everything has. */
  readonly all?: true;
}

export type ListName = 'me' | 'friends' | 'friendRequests' | 'blocks' | 'groupRequests' | 'stars' | 'outbox';

/** Gathers what a transaction changes. */
export class ChangeSet {
  readonly conversations = new Set<string>();
  readonly messages = new Set<string>();
  readonly cards = new Set<string>();
  readonly groups = new Set<string>();
  readonly lists = new Set<ListName>();

  get changes(): Changes {
    return {
      conversations: [...this.conversations],
      messages: [...this.messages],
      cards: [...this.cards],
      groups: [...this.groups],
      lists: [...this.lists],
    };
  }

  get isEmpty(): boolean {
    return [this.conversations, this.messages, this.cards, this.groups, this.lists].every(each => each.size === 0);
  }
}
