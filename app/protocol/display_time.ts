import moment from 'moment';

/** A time as the clients of older protocols show it, `YYYY-MM-DD HH:mm:ss` in a zone such as `+08:00`. */
export function displayTime(time: string | Date, zone: string): string {
  return moment.utc(time).utcOffset(zone).format('YYYY-MM-DD HH:mm:ss');
}
