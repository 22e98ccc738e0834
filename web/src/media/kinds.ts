import type { IconName } from '../design/icons';

const ICONS: readonly (readonly [RegExp, IconName])[] = [
  [/^image\//, 'image'],
  [/^video\//, 'video'],
  [/^audio\//, 'music'],
  [/zip|compressed|\.(tar|t?gz|rar|7z)$/, 'archive'],
  [/^text\/|pdf|document|\.(txt|md|csv|docx?|xlsx?|pptx?|json|xml)$/, 'fileText'],
];

/** The icon for a file, by its type or the end of its name. */
export function iconOf(mime: string, name: string): IconName {
  return ICONS.find(([pattern]) => pattern.test(mime) || pattern.test(name.toLowerCase()))?.[1] ?? 'file';
}
