import { createRequire } from 'node:module';

const PREFIX = 'virtual:emoji/';
/** Parts of other emoji: colours of skin and hair. */
const COMPONENTS = 2;

/** `virtual:emoji/en` and `virtual:emoji/zh`: of the data of emojibase what is shown and searched, which is less than half of it. */
export function emoji() {
  const require = createRequire(import.meta.url);
  return {
    name: 'emoji',
    resolveId: id => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const all = require(`emojibase-data/${id.slice(PREFIX.length + 1)}/compact.json`);
      const shown = all.filter(({ group }) => group !== undefined && group !== COMPONENTS);
      shown.sort((a, b) => a.order - b.order);
      const rows = shown.map(({ unicode, label, tags = [], group }) => [unicode, [label, ...tags].join(' '), group]);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(rows))});`;
    },
  };
}
