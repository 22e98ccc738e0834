/** Markdown as GitHub reads it. */

/** A heading's anchor, as GitHub makes it. */
export function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

export function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What is not empty, with a blank line between. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter(Boolean).join('\n\n');
}

export function section(heading: string, ...parts: readonly string[]): string {
  return paragraphs(`### ${heading}`, ...parts);
}

/** A heading of the second level and the sections below it; nothing when there are none. */
export function chapter(heading: string, sections: readonly string[]): string {
  return sections.length === 0 ? '' : paragraphs(`## ${heading}`, ...sections);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A description as a sentence: with a capital letter and a full stop. */
export function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? capital(text) : `${capital(text)}.`;
}

export function codes(texts: readonly string[]): string {
  return texts.map(text => `\`${text}\``).join(', ');
}
