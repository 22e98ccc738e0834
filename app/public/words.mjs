/** The words of the page in the language of the browser. */

const en = {
  intro: 'Open this page in two tabs, log in as two people, and let them chat. Then take one of them offline.',
  demo: 'Log in as',
  demoPassword: 'The password of each is',
  account: 'Account',
  password: 'Password',
  login: 'Log in',
  logout: 'Log out',
  connected: 'Connected',
  connecting: 'Connecting again …',
  offline: 'Offline',
  place: place => `up to date at entry ${place}`,
  caughtUp: count => (count === 1 ? 'Caught up: 1 entry' : `Caught up: ${count} entries, in order`),
  goOffline: 'Go offline',
  goOnline: 'Go online',
  newChat: 'New chat',
  userId: 'Or by user id',
  start: 'Start',
  chooseOne: 'Choose a conversation, or start a new one.',
  back: 'Back to the conversations',
  messages: 'Messages',
  noMessages: 'No messages yet.',
  earlier: 'Earlier messages',
  message: 'Message',
  writeHere: 'Write a message',
  attach: 'Send a file',
  uploading: name => `Uploading ${name} …`,
  types: {
    image: 'Picture',
    video: 'Video',
    voice: 'Voice',
    file: 'File',
    location: 'Place',
    merged: 'Messages',
    custom: 'Something else',
  },
  send: 'Send',
  you: 'You',
  unread: count => `${count} unread`,
  notices: 'Notices',
  recalled: who => `${who} took a message back`,
  events: {
    added: (who, whom) => `${who} added ${whom}`,
    joined: who => `${who} joined`,
    left: who => `${who} left`,
    removed: (who, whom) => `${who} removed ${whom}`,
    renamed: (who, name) => `${who} named the group ${name}`,
    announced: who => `${who} changed the announcement`,
    transferred: (who, whom) => `${who} made ${whom} the owner`,
    muted: who => `${who} muted everybody`,
    unmuted: who => `${who} let everybody write again`,
  },
  pending: 'Waiting',
  sent: 'Sent',
  failed: why => `Not sent. ${why}`,
  retry: 'Try again',
  discard: 'Discard',
  noAnswer: 'The server does not answer.',
  closed: {
    logout: 'You have logged out.',
    replaced: 'Another login has taken the place of this one.',
    password: 'The password was changed. Log in again.',
    revoked: 'This session was ended for safety. Log in again.',
    deleted: 'This account was deleted.',
  },
};

const zh = {
  intro: '在两个标签页中打开本页，以两个人的身份登录并聊天，然后让其中一人离线试试。',
  demo: '登录为',
  demoPassword: '演示账号的密码均为',
  account: '账号',
  password: '密码',
  login: '登录',
  logout: '退出登录',
  connected: '已连接',
  connecting: '正在重新连接…',
  offline: '已离线',
  place: place => `已同步到第 ${place} 条`,
  caughtUp: count => `已按顺序补收 ${count} 条`,
  goOffline: '断开连接',
  goOnline: '恢复连接',
  newChat: '发起聊天',
  userId: '或输入用户 ID',
  start: '开始',
  chooseOne: '选择一个会话，或发起新的聊天。',
  back: '返回会话列表',
  messages: '消息',
  noMessages: '还没有消息。',
  earlier: '更早的消息',
  message: '消息',
  writeHere: '输入消息',
  attach: '发送文件',
  uploading: name => `正在上传 ${name}…`,
  types: {
    image: '图片',
    video: '视频',
    voice: '语音',
    file: '文件',
    location: '位置',
    merged: '聊天记录',
    custom: '其他消息',
  },
  send: '发送',
  you: '你',
  unread: count => `${count} 条未读`,
  notices: '系统通知',
  recalled: who => `${who} 撤回了一条消息`,
  events: {
    added: (who, whom) => `${who} 邀请 ${whom} 加入了群聊`,
    joined: who => `${who} 加入了群聊`,
    left: who => `${who} 退出了群聊`,
    removed: (who, whom) => `${who} 将 ${whom} 移出了群聊`,
    renamed: (who, name) => `${who} 将群名改为 ${name}`,
    announced: who => `${who} 更新了群公告`,
    transferred: (who, whom) => `${who} 将群主转让给 ${whom}`,
    muted: who => `${who} 开启了全员禁言`,
    unmuted: who => `${who} 关闭了全员禁言`,
  },
  pending: '等待发送',
  sent: '已发送',
  failed: why => `未发送。${why}`,
  retry: '重试',
  discard: '删除',
  noAnswer: '服务器没有响应。',
  closed: {
    logout: '你已退出登录。',
    replaced: '此会话已被另一次登录取代。',
    password: '密码已修改，请重新登录。',
    revoked: '出于安全考虑，此会话已结束，请重新登录。',
    deleted: '此账号已注销。',
  },
};

const chinese = /^zh\b/i.test(navigator.language);
const language = chinese ? 'zh-CN' : 'en';

export const words = chinese ? zh : en;

/** Fills in what the page says by `data-t`, `data-t-label` and `data-t-hint`. */
export function translate() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = words[node.dataset.t];
  for (const node of document.querySelectorAll('[data-t-label]')) node.ariaLabel = words[node.dataset.tLabel];
  for (const node of document.querySelectorAll('[data-t-hint]')) node.placeholder = words[node.dataset.tHint];
}

const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
const calendar = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });

/** A time of the API as the reader's clock has it: today's without the day. */
export function timeOf(iso) {
  const time = new Date(iso);
  const today = time.toDateString() === new Date().toDateString();
  return today ? clock.format(time) : `${calendar.format(time)} ${clock.format(time)}`;
}
