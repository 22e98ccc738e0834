import type { Live } from 'egg-im-client';

/** A value that stays as it is, where there is nothing to be followed. */
export function steady<T>(value: T): Live<T> {
  return {
    value,
    subscribe(listener) {
      listener(value);
      return () => undefined;
    },
  };
}
