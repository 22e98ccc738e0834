import { kept } from '../kept';
const keyOf = (groupId: string): string => `egg-im:announced:${groupId}`;

/** The announcement of a group that was dismissed last on this device. */
export function dismissed(groupId: string): string | undefined {
  return kept.getItem(keyOf(groupId)) ?? undefined;
}

/** Shows an announcement no more. */
export function dismiss(groupId: string, text: string): void {
  kept.setItem(keyOf(groupId), text);
}
