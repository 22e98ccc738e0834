/** Draws the state onto the page. Whatever people wrote goes in as text, never as markup. */
import { $, make } from './dom.mjs';
import { hasMedia, showMedia } from './media.mjs';
import { timeOf, words } from './words.mjs';

/** Makes the children of `parent` show `items`, keeping those that do so already: focus and scrolling stay. */
function list(parent, items, { key, create, update }) {
  const wanted = new Map(items.map(item => [key(item), item]));
  for (const node of [...parent.children]) if (!wanted.has(node.dataset.key)) node.remove();
  const nodes = new Map(Array.from(parent.children, node => [node.dataset.key, node]));
  [...wanted].forEach(([name, item], index) => {
    const node = nodes.get(name) ?? create(item);
    node.dataset.key = name;
    update(node, item);
    if (parent.children[index] === node) return;
    const focused = node.contains(document.activeElement) && document.activeElement;
    parent.insertBefore(node, parent.children[index] ?? null);
    if (focused) focused.focus();
  });
}

const say = (node, text) => node.textContent !== text && (node.textContent = text);

function summary(chats, { type, content, recalled }) {
  if (recalled) return words.recalled(chats.nameOf(recalled.by));
  if (type === 'text') return content.text;
  if (type === 'notice') return `${content.title}\n${content.text}`;
  if (type !== 'system') return `[${words.types[type] ?? type}] ${content.name ?? ''}`;
  const whom = (content.userIds ?? []).map(id => chats.nameOf(id)).join(', ');
  return words.events[content.event](chats.nameOf(content.by), whom || content.name);
}

/** The first letter of a name in a colour of its id: a circle for a person, a square for a group. */
function avatar(id, name, type = 'single') {
  const node = make('span', { className: `avatar ${type}`, ariaHidden: 'true', textContent: [...name][0] ?? '?' });
  node.style.setProperty('--hue', String((Number(id) * 137) % 360));
  return node;
}

export function drawConnection({ state, cursor }) {
  $('connection').dataset.state = state;
  const place = state === 'connected' && cursor !== null ? ` · ${words.place(cursor)}` : '';
  say($('connection-text'), words[state] + place);
  say($('line'), state === 'offline' ? words.goOnline : words.goOffline);
  $('line').classList.toggle('primary', state === 'offline');
}

export function titleOf({ type, name }) {
  return type === 'system' ? words.notices : name;
}

export function drawConversations(chats, openId) {
  // What is before the reader's eyes is read, also in the moment until the server has heard of it.
  const unreadOf = ({ id, unread }) => (id === openId && !document.hidden ? 0 : unread);
  const rows = [...chats.conversations.values()].sort((a, b) => b.lastAt.localeCompare(a.lastAt));
  list($('conversations'), rows, {
    key: ({ id }) => id,
    create: row => {
      const { id, peerId, type } = row;
      const parts = ['name', 'time', 'last', 'badge'].map(part => make('span', { className: part }));
      return make('li', {}, make('a', { href: `#c${id}` }, avatar(peerId ?? id, titleOf(row), type), ...parts));
    },
    update: (node, row) => {
      const { id, lastMessage, lastSeq, lastAt } = row;
      const unread = unreadOf(row);
      const part = name => node.querySelector(`.${name}`);
      node.firstChild.ariaCurrent = id === openId ? 'true' : null;
      say(part('name'), titleOf(row));
      say(part('time'), lastSeq > 0 ? timeOf(lastAt) : '');
      say(part('last'), lastMessage ? lastLine(chats, lastMessage) : words.noMessages);
      say(part('badge'), unread > 99 ? '99+' : String(unread || ''));
      part('badge').ariaLabel = words.unread(unread);
      part('badge').hidden = unread === 0;
    },
  });
  const unread = rows.reduce((sum, row) => sum + unreadOf(row), 0);
  document.title = unread > 0 ? `(${unread}) egg-im` : 'egg-im';
}

function lastLine(chats, message) {
  const group = chats.conversations.get(message.conversationId)?.type === 'group';
  const { senderId } = message;
  const who = senderId === chats.me ? words.you : group && senderId && chats.nameOf(senderId);
  const text = summary(chats, message);
  return who && message.type !== 'system' && !message.recalled ? `${who}: ${text}` : text;
}

/**
 * @param {object} open what is open: `{ key, name, conversation?, peerId? }`
 * @param {{ retry: (item: object) => void, discard: (item: object) => void, renew: (message: object) => void }} actions on what was refused, and `renew`, which loads a message anew
 */
export function drawChat(chats, open, actions) {
  $('chat').hidden = !open;
  $('nothing-open').hidden = Boolean(open);
  $('app').classList.toggle('open', Boolean(open));
  if (!open) return;
  const { conversation } = open;
  say($('chat-name'), open.name);
  $('composer').hidden = conversation?.type === 'system';
  const stored = [...(conversation?.messages.values() ?? [])].map(message => ({ message, place: message.seq }));
  // What is on its way will come last; what was refused stays where it was written.
  const waiting = chats.waiting(open).map(item => ({
    message: { ...item.message, senderId: chats.me, sentAt: item.sentAt },
    place: item.state === 'failed' ? item.after + 0.5 : Infinity,
    item,
  }));
  const rows = [...stored, ...waiting].sort((a, b) => (a.place === b.place ? 0 : a.place - b.place));
  $('earlier').hidden = !conversation?.hasEarlier;
  $('no-messages').hidden = rows.length > 0 || (conversation && !conversation.loaded);
  keepPlace(open.key, () =>
    list($('messages'), rows, {
      key: ({ message }) => `${message.senderId} ${message.clientMsgId}`,
      create: ({ message }) => bubble(message, message.senderId === chats.me, conversation?.type === 'group'),
      update: (node, row) => drawState(chats, node, row, actions),
    }),
  );
}

/** Draws messages so that who reads the end stays there, and who reads further up does not lose the place. */
function keepPlace(key, draw) {
  const scroll = $('scroll');
  const fromEnd = scroll.scrollHeight - scroll.scrollTop;
  const atEnd = scroll.dataset.key !== key || fromEnd - scroll.clientHeight < 80;
  const first = $('messages').firstChild;
  if (scroll.dataset.key !== key) $('messages').replaceChildren();
  scroll.dataset.key = key;
  draw();
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  else if ($('messages').firstChild !== first) scroll.scrollTop = scroll.scrollHeight - fromEnd;
}

function bubble(message, mine, group) {
  const line = message.type === 'system';
  const node = make('li', { className: line ? 'line' : mine ? 'mine' : 'theirs' });
  if (!mine && group && !line) node.append(avatar(message.senderId, ''), make('span', { className: 'sender' }));
  node.append(make('p'), make('span', { className: 'state' }));
  return node;
}

/** The words of a message, or its file. */
function drawContent(chats, node, message, renew) {
  const media = hasMedia(message) ? message.content.url : undefined;
  node.classList.toggle('media', Boolean(media));
  if (!media) return say(node, summary(chats, message));
  if (node.dataset.media === media) return;
  node.dataset.media = media;
  node.replaceChildren(showMedia(message, () => renew(message)));
}

function drawState(chats, node, { message, item }, { retry, discard, renew }) {
  const [state, sender, face] = ['.state', '.sender', '.avatar'].map(part => node.querySelector(part));
  drawContent(chats, node.querySelector('p'), message, renew);
  if (sender) {
    say(sender, chats.nameOf(message.senderId));
    say(face, [...sender.textContent][0]);
  }
  const now = item?.state ?? 'stored';
  if (node.dataset.state === now) return;
  node.dataset.state = now;
  const button = (text, act) => make('button', { type: 'button', textContent: text, onclick: () => act(item) });
  const done =
    message.senderId === chats.me ? make('span', { role: 'img', ariaLabel: words.sent, textContent: '✓' }) : '';
  if (now === 'failed')
    state.replaceChildren(words.failed(item.error), button(words.retry, retry), button(words.discard, discard));
  else state.replaceChildren(timeOf(message.sentAt), ' ', now === 'pending' ? words.pending : done);
}

export function drawPeople(people) {
  list($('people'), people, {
    key: ({ userId }) => userId,
    create: ({ userId, name }) =>
      make('a', { href: `#u${userId}` }, avatar(userId, name), make('span', { textContent: name })),
    update: () => undefined,
  });
}

let fading;

/** Says something for a few seconds. */
export function notice(text) {
  $('notice').textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => ($('notice').textContent = ''), 5000);
}
