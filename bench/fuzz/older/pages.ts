import { mediaIdsIn } from '../../../app/lib/media/names';
import { isObject } from '../../../app/schema/validate';
import type { ErrorCode } from '../../../app/schema/errors';
import type { Caller, Judged } from '../caller';
import { mismatch } from '../documented';
import { offence, type Verdict } from '../judge';
import { broken, mutated, textOf } from '../mutations';
import { send, type Answer } from '../rest';
import { brokenFormsOf, formOf } from '../upload';
import type { OlderClient, OlderKind } from './client';
import { PageSocket, type PageFrame, type Shown } from './page_socket';
import { ENTER, Frame, READ, SAY } from './promises';

/** Characters past which a frame may close the connection. */
const LARGE = 200_000;
const TEXTS = ['你好', 'x', '😀👩‍👩‍👧', '<b>', 'line\nbreak', "'; --", '%_\\', '\u202E', 'e\u0301'];
const forms = [
  { path: '/users/upload_avatar', field: 'avatar' },
  { path: '/users/upload_video', field: 'mp4_url' },
];

/** The chat pages of mini-programs, and their uploads. */
export class Pages implements OlderClient {
  readonly kinds: readonly OlderKind[];
  private page?: PageSocket;
  /** The account of whom the page is a chat with. */
  private friend = '';
  private files: string[] = [];

  constructor(private readonly caller: Caller) {
    const { dice } = caller;
    this.kinds = [
      [6, ['page: text', () => this.say()]],
      [1, ['page: file', () => this.sayFile()]],
      [3, ['page: older rows', () => this.older()]],
      [8, ['page: mutated frame', () => this.tell(() => textOf(mutated(this.frame(), dice)))]],
      [2, ['page: broken frame', () => this.tell(() => broken(textOf(this.frame()), dice))]],
      [1, ['page: binary frame', () => this.tell(() => Buffer.from([0, 255, 123, dice.below(256)]))]],
      [2, ['page: upload', () => this.upload()]],
    ];
  }

  end(): void {
    this.page?.close();
    this.page = undefined;
  }

  private frame(): Record<string, unknown> {
    const { dice, actor } = this.caller;
    if (dice.chance(0.2)) return { before: 1 + dice.below(60) };
    const userInfo = { account: actor.account, username: 'Ann', avatar: '', app_sid: 'default' };
    return {
      friendInfo: { ...userInfo, account: this.friend },
      userInfo,
      chat_content: dice.pick(TEXTS),
      chat_type: dice.pick([0, 0, 1, 2]),
    };
  }

  /** A text, which has to be on a list, or a refusal has to come. */
  private async say(): Promise<Judged> {
    await this.open();
    const { dice } = this.caller;
    const chat_content = `${dice.uuid()} ${dice.pick(TEXTS)}`;
    const isShown = ({ data }: PageFrame) => data?.some(({ content }) => content === chat_content) ?? false;
    return this.ask(JSON.stringify({ ...this.frame(), before: undefined, chat_content, chat_type: 0 }), isShown);
  }

  private async sayFile(): Promise<Judged> {
    if (this.files.length === 0) return this.upload(false);
    await this.open();
    const url = this.caller.dice.pick(this.files);
    const [id] = mediaIdsIn(url);
    const isShown = ({ data }: PageFrame) => data?.some(({ content }) => mediaIdsIn(content)[0] === id) ?? false;
    return this.ask(JSON.stringify({ ...this.frame(), before: undefined, chat_content: url, chat_type: 1 }), isShown);
  }

  private async older(): Promise<Judged> {
    await this.open();
    const before = this.caller.dice.pick([0, 1, 2, 30, 60, 1e9, Number.MAX_SAFE_INTEGER]);
    const [verdict, sent, shown] = await this.ask(JSON.stringify({ before }), frame => frame.before === before);
    const rows = isObject(shown) ? ((shown as unknown as PageFrame).data ?? []) : [];
    const isBefore = rows.every(({ id }, at) => id < (rows.at(at + 1)?.id ?? before));
    return [isBefore ? verdict : offence('not the rows before it, in order'), sent, shown];
  }

  /** Whatever it is, something is said to it. */
  private async tell(make: () => string | Buffer): Promise<Judged> {
    await this.open();
    return this.ask(make(), () => true);
  }

  private async ask(data: string | Buffer, isAnswer: (frame: PageFrame) => boolean): Promise<Judged> {
    const { page } = this;
    const shown = page?.isOpen ? await page.ask(data, isAnswer) : 'refused';
    const mayBeCut = shown === 'closed' && data.length > LARGE;
    return [mayBeCut ? { code: 'cut' } : judgeShown(shown, [...SAY, ...READ]), data.toString(), shown];
  }

  /** A page of a chat with somebody, unless there is one. */
  private async open(): Promise<void> {
    const { world, actor, dice, options, report } = this.caller;
    if (this.page?.isOpen && dice.chance(0.97)) return;
    this.end();
    this.friend = dice.pick(world.actors.filter(each => each !== actor)).account;
    const userphone = actor.account;
    const query = { friendphone: this.friend, userphone, app_sid: 'default', token: actor.token };
    const onFrame = (frame: unknown) => {
      const wrong = mismatch(Frame, frame);
      if (wrong) report.offences.push(`a frame of a page: ${wrong}\n    ${JSON.stringify(frame).slice(0, 400)}`);
    };
    const [page, shown] = await PageSocket.open(options.url, `?${new URLSearchParams(query).toString()}`, onFrame);
    this.page = page;
    const { offence: wrong } = judgeShown(shown, ENTER);
    if (wrong) report.offences.push(`a page was not opened: ${wrong}`);
    if (!isObject(shown) || shown.code === 1) return;
    if ((await page.ended()) !== 'closed') report.offences.push('a refused page was not closed');
    await world.login(actor);
  }

  private async upload(isBroken = this.caller.dice.chance(0.6)): Promise<Judged> {
    const { dice, options, actor } = this.caller;
    const { path, field } = dice.pick(forms);
    const { type, body } = isBroken ? dice.pick(brokenFormsOf(field)) : formOf(field);
    const isStranger = isBroken && dice.chance(0.2);
    const token = isStranger ? dice.pick(['', 'x', 'null', `${actor.token}x`]) : actor.token;
    const inQuery = dice.chance(0.5);
    const sent = {
      method: 'POST',
      path: inQuery ? `${path}?token=${token}` : path,
      headers: { 'content-type': type, ...(!inQuery && { authorization: `Bearer ${token}` }) },
      body,
    };
    const answer = await send(options.url, sent);
    return [this.judgeUpload(field, answer), { ...sent, body: body.toString() }, answer];
  }

  private judgeUpload(field: string, answer: Answer | undefined): Verdict {
    if (!answer) return offence('no answer');
    const { status, payload, err } = JSON.parse(answer.text) as Record<string, unknown>;
    if (status !== answer.status) return offence(`${answer.status} that says ${String(status)}`);
    if (status === 200) {
      const url = field === 'avatar' ? isObject(payload) && payload.avatar_path : payload;
      if (typeof url !== 'string' || !URL.canParse(url)) return offence('no address');
      this.files = [...this.files, url].slice(-5);
      return { code: 'OK' };
    }
    if (typeof err !== 'string' || answer.status >= 500) return offence(`${answer.status}`);
    return { code: `HTTP ${answer.status}` };
  }
}

/** Of a frame; `codes`: those that a refusal may have, beside the sentences that have none. */
export function judgeShown(shown: Shown | 'refused', codes: readonly ErrorCode[]): Verdict {
  if (shown === 'refused') return { code: shown };
  if (shown === 'closed') return offence('the connection was closed');
  if (shown === 'nothing') return offence('no answer');
  const { code, msg, error = String(msg) } = shown;
  if (code === 1) return { code: 'OK' };
  if (error === 'INTERNAL') return offence(error);
  const isKnown = codes.some(each => each === error) || ['参数不全!', '用户不存在!'].includes(error);
  return isKnown ? { code: error } : offence(`${error} is not documented for it`);
}
