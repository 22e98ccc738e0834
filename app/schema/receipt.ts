import { Type, type Static } from '@sinclair/typebox';
import { Closed, Id, IdCursor, Limit } from './common';

export const ReceiptCount = Closed({
  delivered: Type.Integer({ description: 'how many of the others have it on a device' }),
  read: Type.Integer({ description: 'how many of the others have read it' }),
  total: Type.Integer({ description: 'how many others it was for and are members now' }),
});
export const Reader = Closed({ userId: Id });
export type ReceiptCount = Static<typeof ReceiptCount>;
export type Reader = Static<typeof Reader>;
export const ListReaders = Closed({ cursor: IdCursor(), limit: Limit(100, 500) });
export type ListReaders = Static<typeof ListReaders>;
