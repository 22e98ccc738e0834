import type { Verdict } from './judge';

const SHOWN = 400;

/** What came of the calls. */
export class FuzzReport {
  /** How many were answered so: a code, or `OK`. */
  readonly answers = new Map<string, number>();
  /** How many there were of each kind. */
  readonly kinds = new Map<string, number>();
  /** What the contract does not allow, with the request and the answer. */
  readonly offences: string[] = [];

  add(kind: string, name: string, { code, offence }: Verdict, told: readonly unknown[]): void {
    count(this.kinds, kind);
    count(this.answers, code);
    const shown = told.map(each => `\n    ${(JSON.stringify(each) as string | undefined)?.slice(0, SHOWN)}`);
    if (offence) this.offences.push(`${kind}, ${name}: ${offence}${shown.join('')}`);
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
