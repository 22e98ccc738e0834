import { Service } from 'egg';
import { AppError } from '../../schema/errors';

/** Who tries to show that an account is theirs, and from where. */
export interface Attempt {
  /** Tenant and account. */
  readonly name: string;
  readonly address: string;
  /** Of the account, when there is such an account. */
  readonly userId?: number;
  readonly deviceId?: string;
}

/** Tries to guess a password. */
export default class AttemptService extends Service {
  /**
   * Resolves with whether a try was right. It is counted before it is looked at: many at once are no way around it. What others
   * try elsewhere, or at the same address, does not lock out a device that has been in: its own tries are counted apart.
   * Throws TOO_MANY_ATTEMPTS.
   */
  async counted(attempt: Attempt, look: () => Promise<boolean>): Promise<boolean> {
    const { limits, logger } = this.app;
    const { name, address } = attempt;
    const places = [`${name}@${address}`];
    await this.takeOf(attempt).catch(async (refusal: unknown) => {
      if (!(refusal instanceof AppError && (await this.knows(attempt)))) throw refusal;
      places.push(`${name}#${attempt.deviceId}`);
      await limits.take('attempts', places[1]);
    });
    const right = await look().catch(async (error: unknown) => {
      await Promise.all([
        ...places.map(place => limits.giveBack('attempts', place)),
        limits.giveBack('guesses', address),
      ]);
      throw error;
    });
    if (right) {
      await Promise.all([
        ...places.map(place => limits.forget('attempts', place)),
        limits.giveBack('guesses', address),
      ]);
    } else logger.info('wrong password for %s from %s', name, address);
    return right;
  }

  private async takeOf({ name, address }: Attempt): Promise<void> {
    await this.app.limits.take('attempts', `${name}@${address}`);
    await this.app.limits.take('guesses', address);
  }

  /** Index: device PRIMARY. */
  private async knows({ userId, deviceId }: Attempt): Promise<boolean> {
    if (userId === undefined || deviceId === undefined) return false;
    return (await this.app.model.Device.count({ where: { userId, deviceId } })) > 0;
  }
}
