/** What the user has: conversations with their messages, the names of people, and messages not yet stored. */
import { call, uuid } from './api.mjs';

const PAGE = 30;
const GROUPS_ASKED = 10;
const AGAIN_MS = 1000;

export class Chats {
  /** Conversations of the API by id, each with `messages` by seq, `loaded` and `hasEarlier`. */
  conversations = new Map();
  names = new Map();

  /**
   * @param {{ id: string, name: string }} me
   * @param {() => void} changed
   */
  constructor(me, changed) {
    this.me = me.id;
    this.changed = changed;
    this.names.set(me.id, me.name);
    // Kept over a reload of the page: what was not acked goes out with the same clientMsgId again.
    this.#place = `outbox:${me.id}`;
    const kept = JSON.parse(sessionStorage.getItem(this.#place) ?? '[]');
    this.outbox = kept.filter(each => each.state !== 'sent');
  }

  #place;
  #sending = false;
  /** Addresses that were not good. */
  #renewing = new Set();

  async load() {
    const fresh = new Map();
    let cursor;
    do {
      const page = await call('GET', `/conversations?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
      for (const each of page.data) fresh.set(each.id, this.#open(each));
      cursor = page.nextCursor;
    } while (cursor);
    this.conversations = fresh;
    this.changed();
  }

  /** Takes the next entry of the stream. What is loaded may be ahead of it, and is not counted twice. */
  async take({ type, conversationId, data }) {
    // Friends and blocks are not shown here.
    if (!conversationId) return;
    const removed = type === 'group.members_removed' && data.userIds.includes(this.me);
    if (removed || type === 'group.dissolved' || data.settings?.hidden) {
      this.conversations.delete(conversationId);
      return;
    }
    if (type.startsWith('group.') || !this.conversations.has(conversationId)) await this.#fetch(conversationId);
    const conversation = this.conversations.get(conversationId);
    if (conversation) this.#apply(conversation, type, data);
  }

  #apply(conversation, type, data) {
    const { messages } = conversation;
    if (type === 'message.new') for (const message of data.messages) this.#add(conversation, message);
    if (type === 'message.edited' || type === 'message.recalled') {
      for (const message of data.messages) this.#replace(conversation, message);
    }
    if (type === 'message.hidden') for (const seq of data.seqs) messages.delete(seq);
    if (type === 'message.deleted') {
      const { senderId } = messages.get(data.seq) ?? {};
      if (data.seq > conversation.readSeq && senderId && senderId !== this.me) conversation.unread--;
      messages.delete(data.seq);
    }
    if (type === 'conversation.read' && data.readSeq > conversation.readSeq) Object.assign(conversation, data);
    if (type === 'conversation.updated') {
      Object.assign(conversation, data);
      for (const seq of messages.keys()) if (seq <= data.settings.clearedSeq) messages.delete(seq);
    }
  }

  #replace(conversation, message) {
    if (conversation.messages.has(message.seq)) conversation.messages.set(message.seq, message);
    if (conversation.lastMessage?.seq === message.seq) conversation.lastMessage = message;
  }

  #add(conversation, message) {
    if (!message.deleted) conversation.messages.set(message.seq, message);
    const mine = message.senderId === this.me;
    if (mine) this.#drop(message.clientMsgId);
    if (message.seq <= conversation.lastSeq) return;
    if (!message.deleted) conversation.lastMessage = message;
    Object.assign(conversation, { lastSeq: message.seq, lastAt: message.sentAt });
    // Sending means having read.
    if (mine) Object.assign(conversation, { readSeq: message.seq, unread: 0 });
    else if (message.type !== 'system' && !message.deleted) conversation.unread++;
  }

  #open(conversation, { messages = new Map(), loaded = false, hasEarlier = false } = {}) {
    // Of a conversation with oneself the other is oneself.
    const peerId = conversation.type === 'single' ? conversation.peerId || this.me : undefined;
    if (peerId) this.names.set(peerId, conversation.name);
    return { ...conversation, peerId, messages, loaded, hasEarlier };
  }

  async #fetch(id) {
    try {
      const { data } = await call('GET', `/conversations/${id}`);
      this.conversations.set(id, this.#open(data, this.conversations.get(id)));
    } catch (error) {
      // Removed from it since: a later entry says so.
      if (error.code !== 'NOT_A_MEMBER') throw error;
    }
  }

  /** Adds the page of history before what is there. */
  async loadHistory(conversation) {
    const first = Math.min(...conversation.messages.keys());
    const before = conversation.loaded ? `&before=${first}` : '';
    const page = await call('GET', `/conversations/${conversation.id}/messages?limit=${PAGE}${before}`);
    for (const message of page.data) conversation.messages.set(message.seq, message);
    Object.assign(conversation, { loaded: true, hasEarlier: page.nextCursor !== undefined });
    this.changed();
  }

  /** Loads a message anew, whose addresses are not good any more: once, and then as the server has it. */
  async renew({ conversationId, seq, content }) {
    if (this.#renewing.has(content.url)) return;
    this.#renewing.add(content.url);
    const batch = call('POST', `/conversations/${conversationId}/messages/batch`, { seqs: [seq] });
    const { data } = await batch.catch(error => {
      this.#renewing.delete(content.url);
      throw error;
    });
    const conversation = this.conversations.get(conversationId);
    for (const message of data) if (conversation) this.#replace(conversation, message);
    this.changed();
  }

  singleWith(userId) {
    return [...this.conversations.values()].find(each => each.peerId === userId);
  }

  /** The name as far as it is known; one that is not is asked for. */
  nameOf(userId) {
    if (!this.names.has(userId)) {
      this.names.set(userId, '…');
      this.meet(userId).then(this.changed, error => {
        if (error.retryable) this.names.delete(userId);
        else this.names.set(userId, userId);
      });
    }
    return this.names.get(userId);
  }

  async meet(userId) {
    const { data } = await call('GET', `/users/${userId}`);
    this.names.set(userId, data.name);
  }

  /** Those who share a group with the user. */
  async people() {
    const groups = [...this.conversations.values()].filter(each => each.type === 'group').slice(0, GROUPS_ASKED);
    const lists = await Promise.all(groups.map(({ id }) => call('GET', `/groups/${id}/members`)));
    const members = lists.flatMap(({ data }) => data).filter(({ userId }) => userId !== this.me);
    for (const { userId, name } of members) this.names.set(userId, name);
    return [...new Map(members.map(each => [each.userId, each])).values()];
  }

  /** Uploads a file and writes a message that shows it. */
  async attach(open, file) {
    const form = new FormData();
    form.append('file', file);
    const { data } = await call('POST', '/media', form);
    this.write(open, { type: data.kind, content: { mediaId: data.id } });
  }

  /** Puts a message into the outbox: for a conversation, or for a user with whom there is none yet. */
  write({ conversation, peerId }, { type, content }) {
    const target = conversation ? { conversationId: conversation.id } : { to: { userId: peerId } };
    const message = { ...target, clientMsgId: uuid(), type, content };
    this.outbox.push({ message, state: 'pending', sentAt: new Date(), after: conversation?.lastSeq ?? 0 });
    this.#keepOutbox();
  }

  retry(item) {
    item.state = 'pending';
    this.#keepOutbox();
  }

  discard(item) {
    this.#drop(item.message.clientMsgId);
  }

  /**
   * Sends what is pending, one after the other so that their order stays. Whatever got no answer, or one that allows
   * it, goes out again as it is: by its clientMsgId the server knows it.
   * @param {import('./sync.mjs').Sync} sync
   */
  async flush(sync) {
    if (this.#sending) return;
    this.#sending = true;
    let item;
    while (sync.state === 'connected' && (item = this.outbox.find(each => each.state === 'pending'))) {
      const sent = await sync.request('message:send', item.message).catch(failure => failure);
      if (sent.retryable) await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
      else if (sent instanceof Error) Object.assign(item, { state: 'failed', error: sent.message });
      else {
        item.state = 'sent';
        this.#settle(sync, item, sent.syncSeq);
      }
      this.#keepOutbox();
    }
    this.#sending = false;
  }

  /** The message itself comes by the stream, as on every other device; if its push is lost, it is pulled. */
  #settle(sync, item, syncSeq) {
    const look = async () => {
      if (this.outbox.includes(item) && sync.state === 'connected') await sync.reach(syncSeq);
      if (sync.cursor >= syncSeq) this.#drop(item.message.clientMsgId);
    };
    setTimeout(look, AGAIN_MS);
  }

  #drop(clientMsgId) {
    this.outbox = this.outbox.filter(each => each.message.clientMsgId !== clientMsgId);
    this.#keepOutbox();
  }

  /** What is written to a conversation, or to a user, and not yet in the history. */
  waiting({ conversation, peerId }) {
    const known = new Set(Array.from(conversation?.messages.values() ?? [], each => each.clientMsgId));
    return this.outbox.filter(({ message: { clientMsgId, conversationId, to } }) => {
      const here = to ? to.userId === peerId : conversationId === conversation?.id;
      return here && !known.has(clientMsgId);
    });
  }

  #keepOutbox() {
    sessionStorage.setItem(this.#place, JSON.stringify(this.outbox));
    this.changed();
  }
}
