import { toast } from '../design/toast';
import { useI18n } from '../i18n';
import { useReading } from './fresh';

/** Saves a file under its name; an address that has expired is given anew before. */
export function useDownload(url: () => string, name: () => string) {
  const { t } = useI18n();
  const { isGone, failed, succeeded } = useReading();

  const isThere = (): Promise<boolean> =>
    fetch(url(), { method: 'HEAD' }).then(
      ({ ok }) => ok,
      () => false,
    );

  return async function download(): Promise<void> {
    // What is still in memory knows no HEAD.
    while (!url().startsWith('blob:') && !(await isThere())) {
      await failed();
      if (isGone.value) return toast(t('media.gone'));
    }
    succeeded();
    const link = document.createElement('a');
    link.href = url();
    link.download = name();
    link.click();
  };
}
