import ts from 'typescript';

/**
 * Which services call which. Egg hangs app/service/message/view.ts at `service.message.view` of every context, so that no
 * import shows it. All of that path may stand in one place, or parts of it be put into variables first.
 * @param {import('./sources.mjs').Source[]} sources
 * @returns {import('./imports.mjs').Arrow[]}
 */
export function callsOf(sources) {
  const services = sources.filter(({ path }) => path.startsWith('app/service/'));
  const pathOf = new Map(services.map(({ path }) => [propertyOf(path), path]));
  return services.flatMap(({ path: from, nodes }) => {
    const called = propertiesIn(nodes).map(property => pathOf.get(property));
    return called.filter(to => to && to !== from).map(to => ({ from, to }));
  });
}

/** `message.fullText` of app/service/message/full_text.ts */
function propertyOf(path) {
  const property = path.replace(/^app\/service\/|\.ts$/g, '').replaceAll('/', '.');
  return property.replace(/[_-](\w)/g, (_, letter) => letter.toUpperCase());
}

/** What is named below `service`. */
function propertiesIn(nodes) {
  const found = new Set();
  const variables = [];

  const namesOf = node => {
    if (ts.isIdentifier(node)) {
      const isMeant = ({ name, block }) => name === node.text && node.pos >= block.pos && node.end <= block.end;
      return node.text === 'service' ? [] : variables.find(isMeant)?.names;
    }
    if (!ts.isPropertyAccessExpression(node)) return undefined;
    if (node.name.text === 'service') return [];
    const above = namesOf(node.expression);
    return above && [...above, node.name.text];
  };

  const bind = (variable, names, block) => {
    found.add(names.join('.'));
    if (ts.isIdentifier(variable)) variables.push({ name: variable.text, names, block });
    else
      for (const each of variable.elements) bind(each.name, [...names, (each.propertyName ?? each.name).text], block);
  };

  for (const node of nodes) {
    if (ts.isPropertyAccessExpression(node)) found.add(namesOf(node)?.join('.'));
    const names = ts.isVariableDeclaration(node) && node.initializer && namesOf(node.initializer);
    if (names) bind(node.name, names, node.parent.parent.parent);
  }
  return [...found];
}

/** The arrows between groups of files, without those within a group; `groupOf` may leave a file out by undefined. */
export function between(arrows, groupOf) {
  const grouped = arrows.map(({ from, to }) => ({ from: groupOf(from), to: groupOf(to) }));
  return grouped.filter(({ from, to }) => from && to && from !== to);
}

/** The strongly connected components: each of their nodes is reached from each other one. @returns {string[][]} */
export function circlesOf(arrows) {
  const next = new Map();
  for (const { from, to } of arrows) next.set(from, [...(next.get(from) ?? []), to]);
  const reached = new Map([...next.keys()].map(node => [node, reachedFrom(node, next)]));
  const circles = [...reached].map(([node, others]) => [...others].filter(each => reached.get(each)?.has(node)).sort());
  return [...new Map(circles.map(nodes => [nodes.join(), nodes])).values()].filter(nodes => nodes.length > 1);
}

function reachedFrom(start, next) {
  const reached = new Set(next.get(start));
  // What is added to a Set while it is gone through has its turn as well.
  for (const node of reached) for (const each of next.get(node) ?? []) reached.add(each);
  return reached;
}
