import type { Span } from '../store/tables.js';

/** `spans` with those places, too. */
export function joined(spans: readonly Span[], [from, to]: Span): Span[] {
  const apart = spans.filter(each => each[1] < from - 1 || each[0] > to + 1);
  const touching = spans.filter(each => !apart.includes(each));
  const whole: Span = [
    Math.min(from, ...touching.map(each => each[0])),
    Math.max(to, ...touching.map(each => each[1])),
  ];
  return [...apart, whole].sort((a, b) => a[0] - b[0]);
}

/** `spans` without one place. */
export function without(spans: readonly Span[], seq: number): Span[] {
  return spans.flatMap(([from, to]): Span[] => {
    if (seq < from || seq > to) return [[from, to]];
    const parts: Span[] = [
      [from, seq - 1],
      [seq + 1, to],
    ];
    return parts.filter(part => part[0] <= part[1]);
  });
}

/** The span that has a place, if one does. */
export function spanAt(spans: readonly Span[], seq: number): Span | undefined {
  return spans.find(([from, to]) => from <= seq && seq <= to);
}

/** Whether all places from one to another are held. */
export function covers(spans: readonly Span[], from: number, to: number): boolean {
  return from > to || (spanAt(spans, from)?.[1] ?? 0) >= to;
}
