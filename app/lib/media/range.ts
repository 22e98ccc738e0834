/** Places of the first and the last byte. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * What a `Range` header wants of that many bytes: undefined, everything, also when it is not understood or wants several
 * parts; null, when nothing is there.
 */
export function rangeOf(header: string, size: number): Range | undefined | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header) ?? [];
  if (!first && !last) return undefined;
  // Without a first place it is the last so many bytes.
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  if (first && last && Number(last) < Number(first)) return undefined;
  return start > end ? null : { start, end };
}
