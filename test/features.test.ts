import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { callNames, eventOf } from '../app/schema/calls';
import { titleOf } from '../app/documents/sections';
import { entries } from '../app/schema/sync';

/** Rows of docs/features.md: what it does | by which calls and events | `file` › title of the test. */
const rows = readFileSync('docs/features.md', 'utf8')
  .split('\n')
  .filter(line => /^\|(?! *-| *feature)/.test(line))
  .map(line => line.split(/(?<!\\)\|/).map(cell => cell.trim()));

describe('the table of features', () => {
  it('names a test that is there for each of them', () => {
    assert.ok(rows.length > 50);
    for (const [, feature, , proof] of rows) {
      const [, file, title] = /^`([\w./-]+)` › (.+)$/.exec(proof) ?? assert.fail(`${feature}: ${proof}`);
      assert.ok(existsSync(file), `${feature}: ${file}`);
      const source = readFileSync(file, 'utf8').replaceAll("\\'", "'");
      assert.ok(source.includes(title), `${feature}: no test "${title}" in ${file}`);
    }
  });

  it('names every call and every type of entry', () => {
    const named = rows.map(([, , by]) => by).join(' ');
    for (const name of callNames) {
      const title = `\`${eventOf(name) ?? titleOf(name)}\``;
      assert.ok(named.includes(title), `${title} is in no row`);
    }
    for (const type of Object.keys(entries)) assert.ok(named.includes(`\`${type}\``), `${type} is in no row`);
  });
});
