import type { Judged } from '../caller';

/** One way of a client of an older protocol to make a call, and how often it is taken. */
export type OlderKind = readonly [weight: number, kind: readonly [name: string, make: () => Promise<Judged>]];

/** A kind of client: what it does, and how it ends. */
export interface OlderClient {
  readonly kinds: readonly OlderKind[];
  end(): void;
}
