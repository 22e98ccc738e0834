import { randomUUID } from 'node:crypto';
import type { WireInput } from '../../app/schema/calls';
import type { SentNotice } from '../../app/schema/notice';
import { ask, person, type Person } from './person';
import { app, mm } from './service';

export const ADMIN_TOKEN = 'an admin token of the tests, 0123456789'.replaceAll(' ', '-');

/** Broadcasts to all are to all of a tenant: each test has its own. */
export function tenant(): string {
  return `t${randomUUID().slice(0, 18)}`;
}

/** New users of a tenant. */
export function peopleOf(tenantName: string, howMany: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: howMany }, () => person({ app: tenantName })));
}

/** The service takes the admin token until `mm.restore()`. */
export function admitAdmin(): void {
  mm(app.config.im, 'adminToken', ADMIN_TOKEN);
}

type SendNotice = WireInput<'notice.create'>;

/** What an admin asks to be sent; every call makes another notice. */
export function notice(given: Partial<SendNotice> & Pick<SendNotice, 'to'>): SendNotice {
  return { clientMsgId: randomUUID(), title: 'Maintenance', text: 'Tonight from two to three.', ...given };
}

/** Throws Refusal. */
export async function announce(body: unknown, token = ADMIN_TOKEN): Promise<SentNotice['notices']> {
  return (await ask('notice.create', { body, headers: { authorization: `Bearer ${token}` } })).notices;
}

/** Accounts that nobody logs in to, in one go. */
export async function absentees(howMany: number, tenantName = 'default'): Promise<string[]> {
  const first = Number((await person({ app: tenantName })).id) + 1;
  const ids = Array.from({ length: howMany }, (_, index) => first + index);
  await app.model.User.bulkCreate(
    ids.map(id => ({ id, app: tenantName, account: `${id}-${randomUUID()}`, passwordHash: '', name: 'Pat' })),
  );
  await app.model.UserInbox.bulkCreate(ids.map(userId => ({ userId })));
  return ids.map(String);
}
