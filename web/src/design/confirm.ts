import { shallowRef } from 'vue';

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button says that does it. */
  readonly action: string;
  readonly danger?: boolean;
}

export const asked = shallowRef<Question & { answer(yes: boolean): void }>();

/** Asks whether something is really to be done. */
export function confirm(question: Question): Promise<boolean> {
  asked.value?.answer(false);
  return new Promise(resolve => {
    asked.value = {
      ...question,
      answer: yes => {
        asked.value = undefined;
        resolve(yes);
      },
    };
  });
}
