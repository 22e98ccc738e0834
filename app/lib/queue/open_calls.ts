import { AppError } from '../../schema/errors';

/** Calls that are not answered yet. At the end of the process no more begin, and those that have begun are answered first. */
export class OpenCalls {
  private open = 0;
  private draining = false;
  private readonly idle: (() => void)[] = [];

  /** A call begins; what this returns has to be called once, when it is answered. Throws UNAVAILABLE once they drain. */
  begin(): () => void {
    if (this.draining) throw new AppError('UNAVAILABLE');
    this.open++;
    return () => {
      this.open--;
      if (this.open === 0) for (const resolve of this.idle.splice(0)) resolve();
    };
  }

  /** Takes no more calls, and resolves when all that have begun are answered. */
  drain(): Promise<void> {
    this.draining = true;
    return this.open === 0 ? Promise.resolve() : new Promise(resolve => this.idle.push(resolve));
  }
}
