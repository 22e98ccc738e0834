import { posix } from 'node:path';
import ts from 'typescript';

const BELOW_SERVICE = ['schema', 'policy', 'lib', 'presenter', 'model'];
/** What a floor may import, of some only types. Floors that are not named stand above: they may import all but documents. */
const FLOORS = {
  schema: [],
  policy: ['schema'],
  lib: ['schema', 'policy'],
  // Of lib the rows alone.
  presenter: ['schema', 'model', 'lib'],
  model: ['schema'],
  service: BELOW_SERVICE,
  extend: ['schema', 'lib', 'service'],
  controller: ['service', 'schema', 'extend', 'documents'],
  documents: ['schema', 'config'],
  config: [],
};

/** @param {string} path such as `app/lib/stream/stream.ts` */
export function floorOf(path) {
  if (path.startsWith('config/')) return 'config';
  return /^app\/(\w+)\//.exec(path)?.[1] ?? 'app.ts, router';
}

/** A folder of lib or service, such as `lib/stream`; a file beside the folders is a room of its own. @param {string} path */
export const roomOf = path => /^app\/((?:lib|service)\/[^/]+)/.exec(path)?.[1];

/**
 * @typedef {{ from: string, to: string, types?: boolean }} Arrow from a file to a file; `types`: for nothing but types
 * @param {import('./sources.mjs').Source[]} sources
 * @returns {Arrow[]}
 */
export function importsOf(sources) {
  const paths = new Set(sources.map(({ path }) => path));
  return sources.flatMap(({ path, nodes }) => {
    const arrows = new Map();
    for (const { name, types } of nodes.map(importOf).filter(each => each.name?.startsWith('.'))) {
      // ES modules name what they are compiled to.
      const place = posix.join(posix.dirname(path), name.replace(/\.js$/, ''));
      const to = [place, `${place}.ts`, `${place}/index.ts`].find(each => paths.has(each));
      if (to) arrows.set(to, { from: path, to, types: types && (arrows.get(to)?.types ?? true) });
    }
    return [...arrows.values()];
  });
}

/** Of `import … from`, `export … from` and `import('…')`, which is a type or a call. */
function importOf(node) {
  const isCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const name = node.moduleSpecifier ?? node.argument?.literal ?? (isCall ? node.arguments[0] : undefined);
  return {
    name: name?.text,
    types: Boolean(node.isTypeOnly || node.importClause?.isTypeOnly || ts.isImportTypeNode(node)),
  };
}

/** @param {Arrow} arrow */
export function isUpwards({ from, to, types }) {
  const [floor, other] = [from, to].map(floorOf);
  if (floor === other) return false;
  const allowed = FLOORS[floor];
  if (!allowed) return other === 'documents';
  return !allowed.includes(other) && !(types && allowed.includes(`type ${other}`));
}

/** A row for each floor and for each folder of lib and service. @param {string[]} paths @param {Arrow[]} arrows */
export function floorsOf(paths, arrows) {
  const row = (name, groupOf) => {
    const own = arrows.filter(({ from }) => groupOf(from) === name);
    const within = own.filter(({ to }) => groupOf(to) === name).length;
    const upwards = own.filter(isUpwards).length;
    const files = paths.filter(path => groupOf(path) === name).length;
    return [name, { files, within, down: own.length - within - upwards, upwards }];
  };
  const rooms = [...new Set(paths.map(roomOf))].filter(room => room && !room.endsWith('.ts'));
  const floors = [...new Set([...Object.keys(FLOORS), ...paths.map(floorOf)])];
  return Object.fromEntries([...floors.map(each => row(each, floorOf)), ...rooms.map(each => row(each, roomOf))]);
}
