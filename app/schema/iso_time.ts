const DAY_MS = 86_400_000;
const numbers = (digits: number) => Array.from({ length: 10 ** digits }, (_, n) => String(n).padStart(digits, '0'));
const TWO = numbers(2);
const THREE = numbers(3);

/** The day of the last time that was asked for, in days since 1970, and how its times begin: `2026-01-31T`. */
let day = NaN;
let beginning = '';

/**
 * The same text as `toISOString`, which takes longer than all else that is made of a message: times that are shown together are
 * mostly of one day.
 */
export function isoOf(time: Date): string {
  const ms = time.getTime();
  const ownDay = Math.floor(ms / DAY_MS);
  if (ownDay !== day) {
    beginning = time.toISOString().slice(0, -13);
    day = ownDay;
  }
  const rest = ms - ownDay * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const minutes = Math.floor(seconds / 60);
  const hour = Math.floor(minutes / 60);
  return `${beginning}${TWO[hour]}:${TWO[minutes - hour * 60]}:${TWO[seconds - minutes * 60]}.${THREE[rest - seconds * 1000]}Z`;
}
