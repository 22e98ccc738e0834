import type { Page } from 'playwright-core';

/*
 * What a browser says of how long it takes to answer its user.
 */

/** Runs in the page, before anything of its own. */
const SCRIPT = `
  globalThis.interactions = [];
  globalThis.frames = [];
  new PerformanceObserver(list => {
    for (const { interactionId, duration } of list.getEntries()) if (interactionId) interactions.push(duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  let before = 0;
  requestAnimationFrame(function next(now) {
    if (before) frames.push(now - before);
    before = now;
    requestAnimationFrame(next);
  });
`;
/** What takes less, Event Timing does not tell. */
const LEAST_MS = 16;
/** What is slower than this would be counted for the next act. */
const TOLD_MS = 400;

export class Watch {
  private constructor(private readonly page: Page) {}

  static async of(page: Page): Promise<Watch> {
    await page.addInitScript(SCRIPT);
    return new Watch(page);
  }

  /**
   * Milliseconds from the input of `act` to the next picture that shows its effect, as Event Timing has it: in steps of 8, at least 16.
   */
  async timeOf(act: () => Promise<unknown>): Promise<number> {
    await this.page.evaluate('interactions.length = 0');
    await act();
    // An entry comes after the picture it tells of.
    await this.page.waitForTimeout(TOLD_MS);
    return Math.max(LEAST_MS, ...(await this.page.evaluate<number[]>('interactions')));
  }

  /** Milliseconds between the pictures while `work` runs. */
  async framesOf(work: () => Promise<unknown>): Promise<number[]> {
    await this.page.evaluate('frames.length = 0');
    await work();
    return this.page.evaluate<number[]>('frames');
  }

  /** Bytes of JavaScript's heap, after a collection. */
  async heap(): Promise<number> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.enable').then(() => session.send('Performance.getMetrics'));
    await session.detach();
    return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
  }
}
