import assert from 'node:assert/strict';
import { MediaAddresses, type Signed } from '../../../app/lib/media/address';
import { newSecretId } from '../../../app/lib/database/ids';

const SECRET = 'a secret of at least 32 characters';
const HOUR = 3600;
const id = newSecretId();

/** A clock that is set, in seconds. */
function clockAt(seconds: number) {
  const clock = { seconds, now: () => clock.seconds * 1000 };
  return clock;
}

const signedOf = (url: string): Signed => Object.fromEntries(new URL(url, 'http://x').searchParams);

describe('the address of a medium', () => {
  const clock = clockAt(1_000_000);
  const addresses = new MediaAddresses(SECRET, HOUR, clock.now);
  beforeEach(() => (clock.seconds = 1_000_000));

  it('names the medium, the message, and until when it is good', () => {
    const { url, thumbnailUrl } = addresses.of(id, '12.3');
    assert.match(url, new RegExp(`^/media/${id}\\?in=12\\.3&until=\\d{7}&sign=[\\w-]{22}$`));
    assert.equal(thumbnailUrl, url.replace('?', '/thumbnail?'));
    assert.match(addresses.of(id).url, new RegExp(`^/media/${id}\\?until=\\d{7}&sign=[\\w-]{22}$`));
  });

  it('is the same wherever the secret is, and another where it is another', () => {
    const { url } = addresses.of(id, '12.3');
    assert.equal(new MediaAddresses(SECRET, HOUR, clock.now).of(id, '12.3').url, url);
    assert.notEqual(new MediaAddresses(`${SECRET}!`, HOUR, clock.now).of(id, '12.3').url, url);
  });

  it('stays the same for half its time, and is good for at least all of it', () => {
    const made = new Map<string, number>();
    for (let past = 0; past < 4 * HOUR; past += 60) {
      clock.seconds = 1_000_000 + past;
      const { url } = addresses.of(id, '12.3');
      made.set(url, (made.get(url) ?? 0) + 1);
      const left = addresses.verify(id, signedOf(url));
      assert.ok(left >= HOUR && left <= 1.5 * HOUR, `${left} s`);
    }
    assert.equal(Math.max(...made.values()), 30);
  });

  it('is good to its last second, and then has expired', () => {
    const signed = signedOf(addresses.of(id, '12.3').url);
    clock.seconds = Number(signed.until) - 1;
    assert.equal(addresses.verify(id, signed), 1);
    clock.seconds++;
    assert.throws(() => addresses.verify(id, signed), { code: 'ADDRESS_EXPIRED' });
  });

  it('is good for that medium, that message and that time alone', () => {
    const signed = signedOf(addresses.of(id, '12.3').url);
    const { sign = '' } = signed;
    const other = sign.endsWith('A') ? 'B' : 'A';
    const isRefused = (changed: Signed, of = id) =>
      assert.throws(() => addresses.verify(of, changed), { code: 'NOT_FOUND' }, JSON.stringify(changed));
    isRefused(signed, newSecretId());
    isRefused({ ...signed, in: '12.4' });
    isRefused({ ...signed, in: undefined });
    isRefused({ ...signed, until: String(Number(signed.until) + 1) });
    isRefused({ ...signed, until: undefined });
    for (const wrong of [undefined, '', sign.slice(1), `${sign}A`, sign.slice(0, -1) + other, '好'.repeat(22)]) {
      isRefused({ ...signed, sign: wrong });
    }
    isRefused({ ...signedOf(addresses.of(id).url), in: '12.3' });
  });
});
