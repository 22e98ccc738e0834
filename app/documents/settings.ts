import { table, type Setting } from '../../config/settings';

/** A setting with its default as `value`. */
export interface Described extends Setting {
  readonly name: string;
}

export const settings: readonly Described[] = Object.entries<Setting>(table).map(([name, setting]) => ({
  name,
  ...setting,
}));

/** Those that a client runs into. */
export const limits = settings.filter(({ name }) =>
  /^IM_.*(_MAX|_BYTES|_TTL)|^IM_LIMIT_|^IM_DEVICE_POLICY$/.test(name),
);
