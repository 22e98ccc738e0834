import { attachDenial } from '../../policy/media';
import { AppError } from '../../schema/errors';
import { isMediaType } from '../../schema/content';
import type { Query } from '../database/session';
import { chunks, IN_LIST, literal, sql, type Select } from '../database/statement';
import { mediaIn } from './content';
import { touchMedia } from './use';
import type { MediaKind } from '../../schema/media';

/** What a sender says of the file that a message is to show; the server knows the rest. */
export interface Attachment {
  readonly mediaId: string;
  readonly posterId?: string;
  readonly name?: string;
}

/** A message that may show files: what its sender says of one is not its content yet. */
interface Attaching {
  readonly senderId: number;
  readonly type: string;
  readonly content: string;
  readonly attachment?: Attachment;
}

/** An upload and what is in it. */
interface MediumRow {
  readonly id: string;
  readonly userId: number;
  readonly kind: MediaKind;
  readonly size: number;
  readonly mime: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
  readonly blurhash: string | null;
  readonly name: string | null;
}

export type MediaById = ReadonlyMap<string, MediumRow>;

/** What a version before has stored, and what it stores beside this one, has no kind. Index: media PRIMARY, media_file PRIMARY. */
function selectMedia(ids: readonly string[]): Select<MediumRow> {
  return sql(
    `SELECT m.id, m.user_id AS userId, m.name, m.size, m.mime, f.width, f.height, f.duration, f.blurhash,
      COALESCE(f.kind, CASE SUBSTRING_INDEX(m.mime, '/', 1)
        WHEN 'image' THEN 'image' WHEN 'video' THEN 'video' WHEN 'audio' THEN 'voice' ELSE 'file' END) AS kind
    FROM media m LEFT JOIN media_file f ON f.id = m.file_id WHERE m.id IN (${ids.map(literal).join()})`,
  );
}

/**
 * The uploads that senders name, by id. All media of these messages are noted as used before, so that no purge takes one that is
 * found here; messages without any cost nothing.
 */
export async function readAttached(query: Query, sends: readonly Attaching[]): Promise<MediaById> {
  const used = new Set(sends.flatMap(each => mediaIn(each.type, each.content)));
  if (used.size === 0) return new Map();
  const named = new Set(sends.flatMap(({ attachment }) => (attachment ? idsOf(attachment) : [])));
  const rows = await query(
    chunks([...named], IN_LIST).map(selectMedia),
    chunks([...used].sort(), IN_LIST).map(touchMedia),
  );
  return new Map(rows.flat().map(row => [row.id, row]));
}

const idsOf = ({ mediaId, posterId }: Attachment) => [mediaId, ...(posterId ? [posterId] : [])];

/** The content of a message as it is stored: what its sender says, and what is known of the file. */
export function storedContent({ senderId, type, content, attachment }: Attaching, media: MediaById): string | AppError {
  if (!attachment || !isMediaType(type)) return content;
  const { mediaId, posterId, name } = attachment;
  const medium = attached('mediaId', senderId, type, media.get(mediaId));
  if (medium instanceof AppError) return medium;
  const poster = posterId === undefined ? undefined : attached('posterId', senderId, 'image', media.get(posterId));
  if (poster instanceof AppError) return poster;
  const { size, mime, width, height, duration, blurhash } = medium;
  // Voices have no name to show.
  const shown = type === 'voice' ? null : (name ?? medium.name);
  const known = Object.entries({ width, height, duration, blurhash, name: shown }).filter(
    ([, value]) => value !== null,
  );
  return JSON.stringify({ mediaId, posterId, size, mime, ...Object.fromEntries(known) });
}

function attached(field: string, userId: number, kind: MediaKind, medium: MediumRow | undefined): MediumRow | AppError {
  const denial = attachDenial(userId, kind, medium);
  if (medium && !denial) return medium;
  const message = denial === 'INVALID_INPUT' ? `no ${kind}` : 'no upload of the sender';
  return new AppError(denial ?? 'MEDIA_NOT_FOUND', [{ path: `/content/${field}`, message }]);
}

/** Whether what a sender says is what was stored of it. */
export function isStored({ mediaId, posterId, name }: Attachment, content: string): boolean {
  const stored = JSON.parse(content) as Partial<Attachment>;
  const isSame = stored.mediaId === mediaId && stored.posterId === posterId;
  return isSame && (name === undefined || name === stored.name);
}
