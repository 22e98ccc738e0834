import type { IconName } from './icons';

/** One line of a menu. */
export interface MenuAction {
  readonly key: string;
  readonly label: string;
  readonly icon: IconName;
  readonly danger?: boolean;
  run(): void;
}
