import type { ErrorCode } from '../../../schema/errors';
import type { Described } from './described';

/** What an inspector asks its child. */
export interface Question {
  readonly path: string;
  readonly pixels: number;
}

export type Answer =
  | { readonly described: Described }
  | { readonly refusal: ErrorCode; readonly details: unknown }
  /** A mistake of ours, or a disk that fails. */
  | { readonly message: string; readonly code?: string };
