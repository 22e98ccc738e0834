const UNITS = ['B', 'KB', 'MB', 'GB'] as const;

/** A size in bytes for people, such as `1.5 MB`. */
export function sizeText(bytes: number): string {
  let unit = 0;
  let left = bytes;
  for (; left >= 1000 && unit < UNITS.length - 1; unit++) left /= 1024;
  return `${left.toFixed(unit > 0 && left < 10 ? 1 : 0).replace(/\.0$/, '')} ${UNITS[unit]}`;
}

/** Seconds as a clock shows them, such as `1:05`. */
export function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const parts = hours > 0 ? [hours, String(minutes).padStart(2, '0')] : [minutes];
  return [...parts, String(whole % 60).padStart(2, '0')].join(':');
}
