import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { between, callsOf, circlesOf } from './measure/circles.mjs';
import { floorOf, floorsOf, importsOf, isUpwards, roomOf } from './measure/imports.mjs';
import { count, readSources } from './measure/sources.mjs';
import { root } from './system/paths.mjs';

/*
 * Counts how the code is built. `npm run measure [-- --dir PATH --json]` prints what there is in this checkout or another;
 * with `--check` it ends with 1 when something is past its bound.
 */

const { values: options } = parseArgs({
  options: { dir: { type: 'string', default: root }, json: { type: 'boolean' }, check: { type: 'boolean' } },
});
const report = measure(resolve(options.dir));
if (options.json) console.log(JSON.stringify(report, null, 2));
else print(report);
if (options.check) process.exitCode = check(report);

function measure(dir) {
  const sources = readSources(dir);
  const imports = importsOf(sources.code);
  const calls = callsOf(sources.code);
  const roomsIn = floor => path => (floorOf(path) === floor ? roomOf(path) : undefined);
  const areas = mapValues(sources, count);
  const graphs = {
    files: imports,
    'files of client': importsOf(sources.client ?? []),
    'rooms of lib': between(imports, roomsIn('lib')),
    'rooms of service': between([...imports, ...calls], roomsIn('service')),
    'services that call each other': calls,
  };
  return {
    floors: floorsOf(
      sources.code.map(({ path }) => path),
      imports,
    ),
    upwards: imports.filter(isUpwards).map(({ from, to }) => `${from} → ${to}`),
    circles: mapValues(graphs, arrows => circlesOf(arrows).map(nodes => nodes.join(' ↔ '))),
    areas,
    testToCode: Number((areas.test.lines / areas.code.lines).toFixed(2)),
  };
}

function print({ floors, upwards, circles, areas, testToCode }) {
  console.log('Files of each floor; what they import within it, from a floor below, and upwards');
  console.table(floors);
  list('imports upwards', upwards);
  for (const [what, found] of Object.entries(circles)) list(`circles of ${what}`, found);
  console.table(mapValues(areas, counted => mapValues(counted, value => value.length ?? value.lines ?? value)));
  for (const [area, { largestFile, longestFunction }] of Object.entries(areas)) {
    console.log(`${area}: largest file ${largestFile.at}, longest function ${longestFunction.at}`);
  }
  list(
    'lines over 140 characters',
    Object.values(areas).flatMap(each => each.longLines),
  );
  list(
    'lint disables',
    Object.values(areas).flatMap(each => each.lintDisables),
  );
  console.log(`${testToCode} lines of test to a line of code`);
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function list(title, lines) {
  console.log([`${lines.length} ${title}`, ...lines].join('\n  '));
}

/** @returns {number} the exit code */
function check({ upwards, circles, areas, testToCode }) {
  const { code, bench, scripts, client, web } = areas;
  const most = (all, of) => Math.max(...Object.values(all).map(of));
  const sum = of => Object.values(areas).reduce((total, each) => total + of(each), 0);
  const values = [
    ['circles', Object.values(circles).flat().length, 0],
    ['imports upwards', upwards.length, 0],
    ['lines of the median file of the code', code.medianFile, 65],
    [
      'lines of a file that is no test',
      most({ code, bench, scripts, client, web }, each => each.largestFile.lines),
      250,
    ],
    ['lines of a function', most(areas, each => each.longestFunction.lines), 60],
    ['lines over 140 characters', sum(each => each.longLines.length), 0],
    ['casts in 1,000 lines of the code', Math.max(code.castsPer1000, client.castsPer1000), 6],
    ['`any`', sum(each => each.any), 0],
    ['lint disables', sum(each => each.lintDisables.length), 0],
  ];
  const past = values.filter(([, value, bound]) => value > bound);
  const lines = past.map(([what, value, bound]) => `${what}: ${value}, at most ${bound}`);
  if (testToCode < 1.3) lines.push(`lines of test to a line of code: ${testToCode}, at least 1.3`);
  list('past their bound', lines);
  return lines.length > 0 ? 1 : 0;
}
