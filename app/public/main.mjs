/** The page: who is logged in, which conversation is open, and what a click does. */
import { call, forget, login, session } from './api.mjs';
import { Chats } from './chats.mjs';
import { $, make } from './dom.mjs';
import { Sync } from './sync.mjs';
import { drawChat, drawConnection, drawConversations, drawPeople, notice, titleOf } from './view.mjs';
import { translate, words } from './words.mjs';

const AGAIN_MS = 1000;

/** @type {Chats} */
let chats;
/** @type {Sync | undefined} */
let sync;
/** What is half written, by the key of the conversation. */
const drafts = new Map();
let openKey;

function begin() {
  const { user } = session();
  $('login').hidden = true;
  $('app').hidden = false;
  $('my-name').textContent = user.name;
  $('my-id').textContent = user.id;
  chats = new Chats(user, changed);
  sync = new Sync({
    load: () => chats.load(),
    take: entry => chats.take(entry),
    caughtUp: count => notice(words.caughtUp(count)),
    connected: () => chats.flush(sync),
    changed,
    ended: why => leave(words.closed[why] ?? why.message),
  });
  drafts.clear();
  $('text').value = '';
  changed();
}

function leave(why) {
  sync.offline();
  forget();
  sync = undefined;
  history.replaceState(null, '', location.pathname);
  $('app').hidden = true;
  $('login').hidden = false;
  $('login-notice').textContent = why;
  document.title = 'egg-im';
  $('account').focus();
}

/** What the address names: `#c<conversation>`, or `#u<user>` to whom nothing has been written yet. */
function opened() {
  const [, kind, id] = /^#([cu])(\d+)$/.exec(location.hash) ?? [];
  const conversation = kind === 'c' ? chats.conversations.get(id) : kind === 'u' ? chats.singleWith(id) : undefined;
  if (conversation) {
    const { peerId } = conversation;
    return { key: peerId ? `u${peerId}` : `c${id}`, name: titleOf(conversation), conversation, peerId };
  }
  if (kind === 'u' && sync.cursor !== null) return { key: `u${id}`, name: chats.nameOf(id), peerId: id };
  return undefined;
}

let drawing;

/** Draws once for all that changed. Not by animation frame, which a tab in the background does not get. */
function changed() {
  drawing ??= setTimeout(() => {
    drawing = undefined;
    if (!sync) return;
    const open = opened();
    drawConnection(sync);
    drawConversations(chats, open?.conversation?.id);
    keepDraft(open?.key);
    drawChat(chats, open, {
      retry,
      discard: item => chats.discard(item),
      renew: message => attempt(() => chats.renew(message)),
    });
    if (open?.conversation && sync.state === 'connected') look(open.conversation);
  });
}

/** What it takes to have read an open conversation: its latest messages, and a person who sees them. */
function look(conversation) {
  const attempt = (name, work) => {
    if (conversation[name]) return;
    conversation[name] = true;
    const over = () => {
      conversation[name] = false;
      changed();
    };
    // Not sooner again, whether it failed or more messages have come meanwhile.
    work()
      .catch(() => undefined)
      .then(() => setTimeout(over, AGAIN_MS));
  };
  const { id, lastSeq: seq } = conversation;
  if (!conversation.loaded) attempt('loading', () => chats.loadHistory(conversation));
  else if (conversation.unread > 0 && conversation.told !== seq && !document.hidden) {
    attempt('telling', async () => {
      // The new count comes by the stream, in its place among the messages.
      await sync.request('conversation:read', { conversationId: id, seq });
      conversation.told = seq;
    });
  }
}

function retry(item) {
  chats.retry(item);
  chats.flush(sync);
}

function write() {
  const text = $('text').value.trim();
  const open = opened();
  if (!text || !open) return;
  chats.write(open, { type: 'text', content: { text } });
  $('text').value = '';
  $('scroll').scrollTop = $('scroll').scrollHeight;
  chats.flush(sync);
}

/** A file is uploaded first; the conversation that it is for may be another one than is open then. */
async function attach() {
  const [file] = $('file').files;
  const open = opened();
  $('file').value = '';
  if (!file || !open) return;
  notice(words.uploading(file.name));
  await chats.attach(open, file);
  notice('');
  chats.flush(sync);
}

/** What is half written stays with the conversation it was written for. */
function keepDraft(key) {
  if (key === openKey) return;
  drafts.set(openKey, $('text').value);
  $('text').value = drafts.get(key) ?? '';
  openKey = key;
}

/** Runs what a click asked for; what is refused is told. */
const attempt = work => work().catch(error => (error.endsSession ? leave(error.message) : notice(error.message)));

function listen() {
  $('login-form').addEventListener('submit', event => {
    event.preventDefault();
    enter($('account').value.trim(), $('password').value);
  });
  $('logout').addEventListener('click', () => {
    call('POST', '/auth/logout').catch(() => undefined);
    leave(words.closed.logout);
  });
  $('line').addEventListener('click', () => (sync.state === 'offline' ? sync.online() : sync.offline()));
  $('composer').addEventListener('submit', event => {
    event.preventDefault();
    write();
  });
  $('file').addEventListener('change', () => attempt(attach));
  $('text').addEventListener('keydown', event => {
    // 229: an input method is composing, which Safari says in this way alone.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    write();
  });
  $('earlier').addEventListener('click', () => attempt(() => chats.loadHistory(opened().conversation)));
  $('new-chat').addEventListener(
    'toggle',
    () => $('new-chat').open && attempt(async () => drawPeople(await chats.people())),
  );
  $('by-id').addEventListener('submit', event => {
    event.preventDefault();
    const id = $('user-id').value;
    attempt(async () => {
      await chats.meet(id);
      location.hash = `#u${id}`;
      $('by-id').reset();
    });
  });
  window.addEventListener('hashchange', () => {
    $('new-chat').open = false;
    changed();
    // A finger has not asked for the keyboard yet.
    if (location.hash && matchMedia('(pointer: fine)').matches) $('text').focus({ preventScroll: true });
  });
  document.addEventListener('visibilitychange', changed);
}

async function enter(account, password) {
  try {
    await login(account, password);
    $('login-form').reset();
    $('login-notice').textContent = '';
    begin();
  } catch (error) {
    $('login-notice').textContent = error.message;
  }
}

/** The accounts to log in as, which a server in development writes into the page. */
function offerDemo() {
  const told = document.querySelector('meta[name=demo]');
  if (!told) return;
  const { accounts, password } = JSON.parse(decodeURIComponent(told.content));
  const offer = ({ account, name }) => make('button', { textContent: name, onclick: () => enter(account, password) });
  $('demo-accounts').append(...accounts.map(offer));
  $('demo-password').textContent = password;
  $('demo').hidden = false;
}

translate();
offerDemo();
listen();
if (session()) begin();
else $('login').hidden = false;
