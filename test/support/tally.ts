/** What has to happen in a long run of random things, or it shows less than it says. */
export const happenings = [
  'loaded anew',
  'epoch changed',
  'token expired',
  'refresh lost',
  'account deleted',
  'server killed',
  'sent again by hand',
  'discarded',
] as const;

type Happening = (typeof happenings)[number];

/** Counts what has happened. */
export class Tally {
  private readonly counts = new Map<Happening, number>();

  add(happening: Happening): void {
    this.counts.set(happening, this.of(happening) + 1);
  }

  of(happening: Happening): number {
    return this.counts.get(happening) ?? 0;
  }

  toString(): string {
    return happenings.map(each => `${each} ${this.of(each)}`).join(', ');
  }
}
