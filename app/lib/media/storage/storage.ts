import type { Readable } from 'node:stream';
import type { Range } from '../range';

/** A file that is there. Its reader closes it, unless it has read it. */
export interface StoredFile {
  readonly createReadStream: (range?: Range) => Readable;
  readonly close: () => Promise<void>;
}

/** Where files are kept for good, each under a key: whole, or not at all. All of it throws UNAVAILABLE when a try may succeed later. */
export interface Storage {
  /** Puts the file of this path there, whatever is there. It may be gone from its path then. */
  put(key: string, path: string): Promise<void>;
  /** bytes; undefined when it is not there. */
  sizeOf(key: string): Promise<number | undefined>;
  /** Undefined when it is not there. */
  open(key: string): Promise<StoredFile | undefined>;
  /** Whether it is there or not. */
  remove(key: string): Promise<void>;
}

/** How storage is set. */
export type StorageOptions = { readonly type: 'local' } | ({ readonly type: 's3' } & S3Options);

export interface S3Options {
  /** Empty: Amazon's, by the region. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Empty: as the SDK finds them, of the machine's role for example. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
