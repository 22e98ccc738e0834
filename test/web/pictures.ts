import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { haveBefriended } from '../support/friends';
import { groupOf } from '../support/group';
import { admitAdmin, announce, notice } from '../support/notice';
import { openContext, openPage, openTab, PHONE, type PageOptions } from '../support/page';
import { person, text, type Person } from '../support/person';
import { Proxy } from '../support/proxy';
import { url } from '../support/service';

/*
 * The pictures of the page for docs/images and the README: `npm run pictures`. They need fonts with Chinese and emoji, on Debian
 * fonts-wqy-microhei and fonts-noto-color-emoji.
 */
const DIR = join(__dirname, '../../docs/images');

interface Story {
  readonly me: string;
  readonly friend: string;
  readonly others: readonly string[];
  readonly group: string;
  readonly announcement: string;
  /** Who of the group says what; 0 is the user. */
  readonly talk: readonly (readonly [who: number, words: string])[];
  readonly single: readonly (readonly [who: number, words: string])[];
  readonly short: readonly string[];
  readonly notice: { readonly title: string; readonly text: string };
}

const english: Story = {
  me: 'Mia Chen',
  friend: 'Leo Fischer',
  others: [
    'Ana Souza',
    'Priya Raman',
    'Tomasz Wiśniewski-Kowalczyk of the Harbour Office',
    'Yuki',
    'Noor',
    'Sam Okafor',
  ],
  group: 'Spring trip',
  announcement: 'We meet on Saturday at 9:00, platform 4.',
  talk: [
    [1, 'The train at 9:12 has free seats, I have just looked'],
    [2, 'Perfect. Who brings the map?'],
    [0, 'I do, and a thermos of tea ☕'],
    [3, 'It may rain after noon: https://weather.example/harbour'],
    [1, 'Then we take the short way back, over the bridge'],
    [0, 'Good plan'],
    [2, 'I have booked the table for one o’clock 🎉'],
  ],
  single: [
    [1, 'Did you get the photos?'],
    [0, 'Yes! The one at the lake is my favourite. I would print it as large as they can, and hang it over the sofa.'],
    [1, 'I will send you the original tonight'],
    [0, 'Thank you 😊'],
  ],
  short: ['See you tomorrow', 'The invoice is paid', 'Could you call me back?', '👍', 'On my way', 'Happy birthday!'],
  notice: { title: 'New this week', text: 'Pictures can be sent by pasting them.' },
};

const chinese: Story = {
  me: '陈米娅',
  friend: '刘洋',
  others: ['王安娜', '李静怡', '上海浦东新区第三实验小学五年级二班家长委员会张主任', '小雪', '周杰', '孙萌'],
  group: '春游小分队',
  announcement: '周六早上九点，四号站台集合。',
  talk: [
    [1, '九点十二分的火车还有座位，我刚查过'],
    [2, '太好了，谁带地图？'],
    [0, '我带，还有一壶热茶 ☕'],
    [3, '下午可能会下雨：https://weather.example/harbour'],
    [1, '那我们就从桥上走近路回来'],
    [0, '好主意'],
    [2, '一点钟的餐位已经订好了 🎉'],
  ],
  single: [
    [1, '照片收到了吗？'],
    [0, '收到了！湖边那张我最喜欢，想打印成最大的尺寸，挂在沙发上面。'],
    [1, '今晚把原图发给你'],
    [0, '谢谢 😊'],
  ],
  short: ['明天见', '发票已经付了', '方便回个电话吗？', '👍', '在路上了', '生日快乐！'],
  notice: { title: '本周更新', text: '图片可以直接粘贴发送。' },
};

interface Cast {
  readonly me: Person;
  readonly friend: Person;
  readonly single: string;
  readonly group: string;
}

/** Makes the people of a story, and has them write. */
async function play(story: Story): Promise<Cast> {
  const named = (name: string) => person({ name });
  const [me, friend, ...others] = await Promise.all([story.me, story.friend, ...story.others].map(named));
  await haveBefriended(me, friend, ...others);
  for (const [index, words] of story.short.entries()) await write(others[index], { to: { userId: me.id } }, words);
  await announce(notice({ to: { userIds: [me.id] }, ...story.notice }));
  const group = await groupOf([others[0], me, ...others.slice(1, 4)], { name: story.group });
  await others[0].call('group.update', { groupId: group.id, announcement: story.announcement });
  const speakers = [me, ...others];
  for (const [who, words] of story.talk) await write(speakers[who], { conversationId: group.id }, words);
  let single = '';
  for (const [who, words] of story.single) {
    single = await write([me, friend][who], { to: { userId: [friend, me][who].id } }, words);
  }
  await friend.call('conversation.read', { conversationId: single, seq: story.single.length });
  await me.call('conversation.update', { conversationId: group.id, pinned: true });
  return { me, friend, single, group: group.id };
}

async function write(who: Person, where: object, words: string): Promise<string> {
  const message = { ...where, ...text(words) } as Parameters<Person['call']>[1];
  return ((await who.call('message.send', message as never)) as { conversationId: string }).conversationId;
}

async function take(page: Page, name: string): Promise<void> {
  // No moving part of a picture.
  await page.waitForLoadState('networkidle');
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(DIR, `${name}.png`), animations: 'disabled', caret: 'hide' });
  await page.context().close();
}

describe('pictures', () => {
  before(() => {
    mkdirSync(DIR, { recursive: true });
  });

  beforeEach(() => {
    admitAdmin();
  });

  for (const [lang, story] of [
    ['en', english],
    ['zh-CN', chinese],
  ] as const) {
    const short = lang.slice(0, 2);
    const views: [name: string, options: PageOptions][] = [
      ['desktop-light', { theme: 'light' }],
      ['desktop-dark', { theme: 'dark' }],
      ['phone-light', { theme: 'light', ...PHONE }],
      ['phone-dark', { theme: 'dark', ...PHONE }],
    ];

    it(`of conversations (${lang})`, async () => {
      const { me, single, group } = await play(story);
      for (const [name, options] of views) {
        const isPhone = options.width !== undefined;
        if (isPhone) {
          const list = await openPage(me, { ...options, lang });
          await list.getByText(story.group).first().waitFor();
          await take(list, `list-${name}-${short}`);
        }
        const path = `/c/${name.endsWith('dark') ? single : group}`;
        const page = await openPage(me, { ...options, lang, path });
        await page
          .getByText((name.endsWith('dark') ? story.single : story.talk).at(-1)![1])
          .last()
          .waitFor();
        await take(page, `chat-${name}-${short}`);
      }
    });

    it(`of what is not as usual (${lang})`, async () => {
      const nobody = await person({ name: story.me });
      await take(await openPage(undefined, { lang }), `login-${short}`);
      await take(await openPage(nobody, { lang }), `empty-${short}`);
      const { me, single } = await play(story);
      const { hostname: host, port } = new URL(url());
      const way = new Proxy({ host, port: Number(port) });
      const context = await openContext({ lang, ...PHONE, baseURL: `http://127.0.0.1:${way.port}` });
      const page = await openTab(context, me, { path: `/c/${single}` });
      await page.getByText(story.single.at(-1)![1]).last().waitFor();
      way.cut();
      await page.getByRole('textbox').last().fill(story.short[0]);
      await page.keyboard.press('Enter');
      await page.getByText(story.short[0]).last().waitFor();
      await page.getByRole('status').getByRole('button').first().waitFor();
      await page.screenshot({ path: join(DIR, `offline-${short}.png`), animations: 'disabled', caret: 'hide' });
    });
  }
});
