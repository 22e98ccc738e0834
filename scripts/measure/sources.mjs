import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const AREAS = {
  code: /^(app\.ts|(app|config)\/.*\.ts)$/,
  // Without what is generated.
  client: /^client\/src\/(?!protocol\.ts$).*\.ts$/,
  test: /^test\/.*\.ts$/,
  bench: /^bench\/.*\.ts$/,
  scripts: /^(scripts|web)\/[^.]*\.mjs$/,
  web: /^web\/src\/.*\.(ts|vue)$/,
};
const DISABLE = /(?:\/\/|\/\*+)\s*(?:eslint-disable|@ts-(?:ignore|expect-error|nocheck)|prettier-ignore)/;
/** The callback of `describe` or `it` is a list of stories, or a story, and not what is meant by a function. */
const STORY = /^(describe|it|test)\b/;

/**
 * @typedef {{ path: string, lines: string[], nodes: ts.Node[], tree: ts.SourceFile }} Source `path` is relative to the checkout
 * @param {string} dir a checkout
 * @returns {Record<keyof typeof AREAS, Source[]>}
 */
export function readSources(dir) {
  const below = folder => {
    // An older checkout has no client and no page.
    const names = existsSync(join(dir, folder)) ? readdirSync(join(dir, folder), { recursive: true }) : [];
    return names.map(name => `${folder}/${name}`);
  };
  const paths = ['app.ts', ...['app', 'config', 'client/src', 'test', 'bench', 'scripts', 'web'].flatMap(below).sort()];
  const of = names => paths.filter(path => names.test(path)).map(path => read(dir, path));
  const areas = Object.entries(AREAS).map(([area, names]) => [area, of(names)]);
  return Object.fromEntries(areas.filter(([, sources]) => sources.length > 0));
}

function read(dir, path) {
  const text = readFileSync(join(dir, path), 'utf8');
  const tree = ts.createSourceFile(path, scriptOf(path, text), ts.ScriptTarget.Latest, true);
  const nodes = [];
  const visit = node => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, lines: text.replace(/\n$/, '').split('\n'), nodes, tree };
}

/** The TypeScript of a file, in the lines where it stands there. */
function scriptOf(path, text) {
  if (!path.endsWith('.vue')) return text;
  const [whole = '', script = ''] = /<script[^>]*>\n([^]*?)^<\/script>/m.exec(text) ?? [];
  return '\n'.repeat(text.slice(0, text.indexOf(whole)).split('\n').length) + script;
}

/** What is counted in files. Places are written `file:line`. @param {Source[]} sources */
export function count(sources) {
  const byLines = (a, b) => a.lines - b.lines;
  const files = sources.map(({ path, lines }) => ({ at: path, lines: lines.length })).sort(byLines);
  const lines = files.reduce((sum, each) => sum + each.lines, 0);
  const nodes = sources.flatMap(each => each.nodes);
  const casts = nodes.filter(node => ts.isAsExpression(node) && node.type.getText() !== 'const').length;
  return {
    files: files.length,
    lines,
    medianFile: files[files.length >> 1].lines,
    largestFile: files.at(-1),
    longestFunction: sources.flatMap(functionsOf).sort(byLines).at(-1),
    longLines: linesWhere(sources, line => line.length > 140),
    casts,
    castsPer1000: Number(((casts / lines) * 1000).toFixed(1)),
    any: nodes.filter(node => node.kind === ts.SyntaxKind.AnyKeyword).length,
    lintDisables: linesWhere(sources, line => DISABLE.test(line)),
  };
}

function functionsOf({ path, nodes, tree }) {
  const isStory = ({ parent }) => ts.isCallExpression(parent) && STORY.test(parent.expression.getText());
  // A composable of Vue holds functions, as a class does: they are measured, each by itself.
  const isComposable = node => ts.isFunctionDeclaration(node) && /^use[A-Z]/.test(node.name?.text ?? '');
  const isMeant = node => ts.isFunctionLike(node) && node.body && !isStory(node) && !isComposable(node);
  const functions = nodes.filter(isMeant);
  return functions.map(node => {
    const [first, last] = [node.getStart(), node.end].map(place => tree.getLineAndCharacterOfPosition(place).line);
    return { at: `${path}:${first + 1}`, lines: last - first + 1 };
  });
}

function linesWhere(sources, matches) {
  const places = ({ path, lines }) => lines.map((line, index) => matches(line) && `${path}:${index + 1}`);
  return sources.flatMap(places).filter(Boolean);
}
