import { computed, ref } from 'vue';
import { useI18n } from '.';

const DAY_MS = 86_400_000;

const startOfDay = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const today = ref(startOfDay(new Date()));

function atMidnight(): void {
  const now = new Date();
  today.value = startOfDay(now);
  setTimeout(atMidnight, today.value + DAY_MS + 1000 - now.getTime());
}
atMidnight();

/** Whole days since then: 0 today, 1 yesterday. */
const daysSince = (date: Date): number => Math.round((today.value - startOfDay(date)) / DAY_MS);

/** Made once for all that show times: making one takes as long as a thousand times of use. */
const formats = computed(() => {
  const { language } = useI18n();
  const of = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language.value, options);
  return {
    time: of({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    weekday: of({ weekday: 'long' }),
    short: of({ month: 'short', day: 'numeric' }),
    date: of({ year: 'numeric', month: 'numeric', day: 'numeric' }),
    day: of({ weekday: 'long', month: 'long', day: 'numeric' }),
    dayOfYear: of({ year: 'numeric', month: 'long', day: 'numeric' }),
    full: of({ dateStyle: 'full', timeStyle: 'medium' }),
    relative: new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' }),
  };
});

/** Times as people of the language write them, in the zone of the browser. */
export function useDates() {
  const { language } = useI18n();
  const isThisYear = (date: Date) => date.getFullYear() === new Date(today.value).getFullYear();
  const near = (days: number) => {
    const text = formats.value.relative.format(-days, 'day');
    return text.charAt(0).toLocaleUpperCase(language.value) + text.slice(1);
  };
  return {
    /** 09:41 */
    timeOf: (at: string) => formats.value.time.format(new Date(at)),
    /** In a list: the time of today, else the day, as short as can be. */
    shortOf(at: string): string {
      const date = new Date(at);
      const days = daysSince(date);
      if (days <= 0) return formats.value.time.format(date);
      if (days === 1) return near(days);
      if (days < 7) return formats.value.weekday.format(date);
      return isThisYear(date) ? formats.value.short.format(date) : formats.value.date.format(date);
    },
    /** Above the messages of a day. */
    dayOf(at: string): string {
      const date = new Date(at);
      const days = daysSince(date);
      if (days === 0 || days === 1) return near(days);
      return isThisYear(date) ? formats.value.day.format(date) : formats.value.dayOfYear.format(date);
    },
    fullOf: (at: string) => formats.value.full.format(new Date(at)),
  };
}
