import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callNames } from '../schema/calls';
import { serverEvents, type ServerEventName } from '../schema/events';
import { Entry, entries, type EntryType } from '../schema/sync';
import { Credentials } from './connection';
import { fieldsOf } from './fields';
import { plain } from './json_schema';
import { general } from './refusals';
import * as sections from './sections';
import { limits, settings } from './settings';
import { answerTypes } from './types';

/** What protocol.md has as `{{name}}`, beside the names of settings. */
const parts: Readonly<Record<string, () => string>> = {
  credentials: () => fieldsOf(plain(Credentials)),
  anyCall: () => sections.listOf(general.any),
  anyRestCall: () => sections.listOf(general.rest),
  anyTokenCall: () => sections.listOf(general.token),
  serverEvents: () => each(Object.keys(serverEvents) as ServerEventName[], sections.serverEventSection),
  entry: () => fieldsOf(plain(Entry)),
  entries: () => each(Object.keys(entries) as EntryType[], sections.entrySection),
  contents: () => each(sections.contentTypes, sections.contentSection),
  calls: sections.callTable,
  callSections: () => each(callNames, sections.callSection),
  types: () => each([...answerTypes], sections.typeSection),
  plainTypes: sections.plainTypeTable,
  errors: sections.errorTable,
  limits: () => sections.settingTable(limits),
};

function each<T>(items: readonly T[], section: (item: T) => string): string {
  return items.map(section).join('\n\n');
}

/** docs/protocol.md. */
export function protocolMarkdown(): string {
  const text = readFileSync(join(__dirname, 'protocol.md'), 'utf8');
  const defaults = new Map(settings.map(({ name, value }) => [name, value]));
  return text.replace(/\{\{(\w+)\}\}/g, (_match, name: string) => {
    const value = Object.hasOwn(parts, name) ? parts[name]() : defaults.get(name);
    if (value === undefined) throw new Error(`app/documents/protocol.md: {{${name}}} is not known`);
    return value;
  });
}
