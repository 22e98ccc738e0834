import { ref, watch, type Ref } from 'vue';
import { kept } from '../kept';

function choice(key: string, initial: boolean): Ref<boolean> {
  const value = ref((kept.getItem(key) ?? String(initial)) === 'true');
  watch(value, now => kept.setItem(key, String(now)));
  return value;
}

/** Whether messages are shown outside of the page, chosen in this browser. */
export const notifies = choice('egg-im:notifies', false);
/** Whether a sound is made. */
export const sounds = choice('egg-im:sounds', true);

/** Whether the browser allows it. */
export const mayNotify = (): boolean => 'Notification' in window && Notification.permission === 'granted';

/** Asks the user, on a click. Resolves with whether it is allowed. */
export async function askForNotifications(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (await Notification.requestPermission()) === 'granted';
}
