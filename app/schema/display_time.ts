import { KindGuard, type TObject, type TSchema } from '@sinclair/typebox';
import moment from 'moment';
import { Closed, Zone } from './common';
import { serverContents } from './content';
import { invalidInput } from './errors';
import { textOf, type OrJson } from './json';
import { checkOf, isObject } from './validate';
import { changeOf, type Change } from './walk';

/** A time as it is shown to people, `YYYY-MM-DD HH:mm:ss` in a zone such as `+08:00`. */
export function displayTime(time: string | Date, zone: string): string {
  return moment.utc(time).utcOffset(zone).format('YYYY-MM-DD HH:mm:ss');
}

/** The zone that a client asks for by what `path` points to, if it does. Throws INVALID_INPUT. */
export function zoneOf(given: unknown, path: string): string | undefined {
  if (given === undefined || given === '') return undefined;
  if (typeof given !== 'string' || !checkOf(Zone).Check(given))
    throw invalidInput(path, 'an offset such as +08:00 is needed');
  return given;
}

/**
 * Shows values of a schema with their times in a zone; as they are where no zone is asked for. What people have written is not
 * touched, be it a time or not.
 */
export function shownBy(schema: TSchema): <T>(value: OrJson<T>, zone?: string) => OrJson<T> {
  const show = changeOf(schema, timeOf);
  return <T>(value: OrJson<T>, zone?: string) => (zone && show ? (show(JSON.parse(textOf(value)), zone) as T) : value);
}

function timeOf(schema: TSchema): Change<string> | undefined {
  if (schema.format === 'date-time') return (time, zone) => displayTime(String(time), zone);
  return KindGuard.IsObject(schema) ? messageOf(schema) : undefined;
}

/** What a message holds goes by its `type`, of which its schema says nothing. */
function messageOf({ properties: { content, ...rest } }: TObject): Change<string> | undefined {
  if (!('type' in rest && KindGuard.IsUnsafe(content))) return undefined;
  const show = changeOf(Closed(rest), timeOf);
  return (message, zone) => {
    if (!isObject(message)) return message;
    const showContent = contents.get(message.type);
    if (showContent) message.content = showContent(message.content, zone);
    return show ? show(message, zone) : message;
  };
}

/** What only the server writes has times; what people write is theirs. */
const contents = new Map<unknown, Change<string> | undefined>(
  Object.entries(serverContents).map(([type, schema]) => [type, changeOf(schema, timeOf)]),
);
