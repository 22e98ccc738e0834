/** Who acts, on which device and in which session: every use case takes one, and nothing else says who is calling. */
export interface Actor {
  readonly app: string;
  readonly userId: number;
  readonly deviceId: string;
  readonly sessionId: string;
}
