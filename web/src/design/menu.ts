import type { IconName } from './icons';

/** One line of a menu. */
export interface MenuAction {
  readonly key: string;
  readonly label: string;
  readonly icon: IconName;
  readonly danger?: boolean;
  /** What it does puts the focus elsewhere, so that the menu does not give it back. */
  readonly takesFocus?: boolean;
  run(): void;
}

/** What a menu does with its actions. */
export function useChoice() {
  let chosen: MenuAction | undefined;
  return {
    choose(action: MenuAction): void {
      chosen = action;
      action.run();
    },
    /** As the menu closes. */
    closed(event: Event): void {
      if (chosen?.takesFocus) event.preventDefault();
      chosen = undefined;
    },
  };
}
