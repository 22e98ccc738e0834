import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { about, Closed, Id, JsonObject, keysOf, MediaId, Time, Url } from './common';

const Name = Type.String({ minLength: 1, maxLength: 255 });

const text = Closed({
  text: Type.String({ minLength: 1, description: 'at most `IM_TEXT_MAX_BYTES` bytes of UTF-8' }),
});
const location = Closed({
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  name: Type.Optional(Name),
  address: Type.Optional(Type.String({ maxLength: 512 })),
});

const own = { mediaId: about(MediaId, '`id` of what the sender has uploaded') };
const poster = Type.Optional(about(MediaId, 'a picture, to be shown before the video is'));

/** What is sent of a file: its id says all the rest. */
export const sentMedia = {
  image: Closed(own),
  video: Closed({ ...own, posterId: poster }),
  voice: Closed(own),
  file: Closed({ ...own, name: Type.Optional(about(Name, 'default: as it was uploaded')) }),
};

const size = Type.Integer({ minimum: 0, description: 'bytes' });
const mime = Type.String({ pattern: '^[\\w.+-]+/[\\w.+-]+$', maxLength: 128 });
const pixels = Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: 'pixels' }));
const duration = Type.Number({ minimum: 0, description: 'seconds' });
const name = Type.Optional(Name);
const ForeignUrl = Type.String({ maxLength: 1024, pattern: '^https?://\\S+$', description: 'at another host' });
const foreign = { url: ForeignUrl, size, mime };
const foreignPicture = { width: pixels, height: pixels, thumbnailUrl: Type.Optional(ForeignUrl) };

/** What is sent of a file at another host. */
export const foreignMedia = {
  image: Closed({ ...foreign, ...foreignPicture, name }),
  video: Closed({ ...foreign, ...foreignPicture, duration: Type.Optional(duration), name }),
  voice: Closed({ ...foreign, duration }),
  file: Closed({ ...foreign, name: Name }),
};

/** What a client sends in a message of each type. */
export const contents = {
  text,
  image: Type.Union([sentMedia.image, foreignMedia.image]),
  video: Type.Union([sentMedia.video, foreignMedia.video]),
  voice: Type.Union([sentMedia.voice, foreignMedia.voice]),
  file: Type.Union([sentMedia.file, foreignMedia.file]),
  location,
  custom: JsonObject,
} satisfies Record<string, TSchema>;

export type MessageType = keyof typeof contents;

const shown = {
  mediaId: Type.Optional(about(MediaId, 'absent where the file is at another host')),
  url: about(Url, 'where it is read for a while; `message:batch` gives the message with a new one'),
  size,
  mime,
};
const thumbnailUrl = Type.Optional(about(Url, 'of a small picture; good as long as `url`'));
const blurhash = Type.Optional(Type.String({ description: 'a placeholder of some colours, see blurha.sh' }));
const picture = { width: pixels, height: pixels, blurhash, thumbnailUrl, name };

/** What a message with a file holds when it is given. */
export const shownMedia = {
  image: Closed({ ...shown, ...picture }),
  video: Closed({ ...shown, posterId: poster, ...picture, duration: Type.Optional(duration) }),
  voice: Closed({ ...shown, duration: Type.Optional(duration) }),
  file: Closed({ ...shown, name }),
};

export type MediaType = keyof typeof shownMedia;
const mediaTypes: ReadonlySet<string> = new Set(keysOf(shownMedia));

/** Whether a message of this type shows a file. */
export function isMediaType(type: string): type is MediaType {
  return mediaTypes.has(type);
}

/** What messages hold that the server alone writes. */
export const serverContents = {
  merged: Closed({
    title: Type.Optional(about(Name, 'the name of the group they were in; absent when it was no group')),
    messages: Type.Array(
      Closed({
        senderId: Type.Optional(Id),
        senderName: Type.String(),
        type: Type.String(),
        content: Type.Unsafe<Record<string, unknown>>({ type: 'object', description: 'by `type`' }),
        sentAt: Time,
      }),
      { description: 'several messages forwarded as one, in their order' },
    ),
  }),
  system: Closed({
    event: Type.Union(
      ['added', 'joined', 'left', 'removed', 'renamed', 'announced', 'transferred', 'muted', 'unmuted'].map(name =>
        Type.Literal(name),
      ),
      { description: 'what happened in the group; `muted`, `unmuted`: all its plain members' },
    ),
    by: about(Id, 'the user who did it'),
    userIds: Type.Optional(Type.Array(Id, { description: 'to whom: those added or removed, the new owner' })),
    name: Type.Optional(about(Name, 'the new name of the group')),
  }),
  notice: Closed({
    title: Type.String({ minLength: 1, maxLength: 128 }),
    text: Type.String({ minLength: 1, maxLength: 4000 }),
    link: Type.Optional(Url),
    event: Type.Optional(about(JsonObject, 'what the client is to do, as the clients agree')),
    expiresAt: Type.Optional(about(Time, 'it is not shown and not counted as unread from then on')),
  }),
} satisfies Record<string, TSchema>;

export type MergedContent = Static<typeof serverContents.merged>;
export type SystemContent = Static<typeof serverContents.system>;
export type NoticeContent = Static<typeof serverContents.notice>;
