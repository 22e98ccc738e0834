import { ImError } from 'egg-im-client';
import { toast } from '../design/toast';
import { useI18n } from '../i18n';

/** What is told of calls that were refused. */
export function useFailures() {
  const { t } = useI18n();

  /** A sentence for people. */
  function textOf(error: unknown): string {
    if (!(error instanceof ImError) || error.code === 'NO_ANSWER') return t('error.noAnswer');
    return error.code === 'LOGGED_OUT' ? t('error.loggedOut') : error.message;
  }

  /** Makes a call, and tells the user when it was refused. Resolves with whether it was done. */
  async function attempt(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      toast(textOf(error));
      return false;
    }
  }

  return { textOf, attempt };
}
