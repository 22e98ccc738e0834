/** Who says what: 0 is the user, 1 the friend where the two talk, else a place in `others` from 1. */
type Talk = readonly (readonly [who: number, words: string])[];

export interface Story {
  readonly lang: 'en' | 'zh-CN';
  readonly me: string;
  readonly friend: string;
  /** Of the two. */
  readonly accounts: readonly [me: string, friend: string];
  readonly others: readonly string[];
  /** More members of the group. */
  readonly crowd: readonly string[];
  /** Who wants something: to be a friend, twice, and to join the group. */
  readonly asking: readonly (readonly [name: string, words: string])[];
  readonly stranger: string;
  readonly blocked: string;
  readonly group: string;
  readonly longGroup: string;
  readonly announcement: string;
  readonly talk: Talk;
  readonly single: Talk;
  readonly short: readonly string[];
  /** What is searched: everywhere, and in the group. */
  readonly searched: readonly [everywhere: string, inGroup: string];
  readonly place: { readonly name: string; readonly address: string };
  readonly file: string;
  readonly about: string;
  readonly notice: { readonly title: string; readonly text: string };
}

export const english: Story = {
  lang: 'en',
  me: 'Mia Chen',
  friend: 'Leo Fischer',
  accounts: ['mia.chen', 'leo.fischer'],
  others: [
    'Ana Souza',
    'Priya Raman',
    'Tomasz Wiśniewski-Kowalczyk of the Harbour Office',
    'Yuki',
    'Noor',
    'Sam Okafor',
  ],
  crowd: ['Emre Yılmaz', 'Ingrid Lindqvist', 'Kwame', 'Saoirse Ní Bhriain', 'Maximiliana von Hohenstein-Waldburg'],
  asking: [
    ['Nina Rossi', 'We met at the book fair in Turin, I was the one with the umbrella.'],
    ['Oskar', 'Hello!'],
    ['Farid Haidari', 'Ana told me of the trip, may I come along?'],
  ],
  stranger: 'Robin Vale',
  blocked: 'Cheap Tickets 24',
  group: 'Spring trip',
  longGroup: 'Parents of the children in the orchestra, Tuesdays and Thursdays',
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
  short: [
    'See you tomorrow',
    'The invoice of the trip is paid',
    'Could you call me back?',
    '👍',
    'On my way',
    'Happy birthday!',
  ],
  searched: ['trip', 'table'],
  place: { name: 'Lake house', address: 'Seestraße 12, Überlingen' },
  file: 'Timetable of the ferries, spring and summer.pdf',
  about: 'Mostly outdoors. Write me, I answer in the evening.',
  notice: { title: 'New this week', text: 'Pictures can be sent by pasting them.' },
};

export const chinese: Story = {
  lang: 'zh-CN',
  me: '陈米娅',
  friend: '刘洋',
  accounts: ['chenmiya', 'liuyang88'],
  others: ['王安娜', '李静怡', '上海浦东新区第三实验小学五年级二班家长委员会张主任', '小雪', '周杰', '孙萌'],
  crowd: ['赵一鸣', '欧阳文静', '小林', '阿依古丽·买买提', 'Maximiliana 马老师'],
  asking: [
    ['罗妮娜', '我们在书展上见过，我就是拿着红伞的那个人。'],
    ['奥斯卡', '你好！'],
    ['方瑞德', '安娜跟我说了春游的事，我可以一起去吗？'],
  ],
  stranger: '韦若彬',
  blocked: '特价机票 24 小时',
  group: '春游小分队',
  longGroup: '少年宫民族乐团周二与周四班学员家长交流群（请改群昵称）',
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
  short: ['明天见', '春游的发票已经付了', '方便回个电话吗？', '👍', '在路上了', '生日快乐！'],
  searched: ['春游', '餐位'],
  place: { name: '湖边小屋', address: '杭州市西湖区北山街 12 号' },
  file: '春夏季轮渡时刻表.pdf',
  about: '多半在户外，晚上回复消息。',
  notice: { title: '本周更新', text: '图片可以直接粘贴发送。' },
};
