import { expect, test } from '@jest/globals';
import { EVERYTHING } from '../../support/everything.ts';
import { generate } from '../../support/generate.ts';

/** Every command that applies, in the heads of all files of a configuration; heads are broken into lines. */
const commands = (given: object): readonly string[] =>
  generate(given).artifacts.flatMap(({ text }) => {
    const lines = text.split('\n');
    const end = lines.findIndex((line) => !line.startsWith('#'));
    const head = lines.slice(0, end).join(' ').replaceAll('# ', '');
    return [...head.matchAll(/kubectl apply( --server-side)?( --filename [\w./-]+)+/g)].map(([command]) => command);
  });

test.each([
  ['server-side', true],
  ['client-side', false],
])('%s apply is one way for every object, as the two in turn are a conflict', (apply, isServerSide) => {
  const found = ['retina-standard', 'netobserv'].flatMap((source) =>
    commands({ ...EVERYTHING, flows: { source }, packaging: { apply } }),
  );
  const kinds = new Set(found.map((command) => command.replace(/^.*--filename (\w+)\/.*$/, '$1')));
  expect(kinds).toEqual(new Set(['manifests', 'rules', 'dashboards']));
  expect(found.filter((command) => command.includes('--server-side') !== isServerSide)).toEqual([]);
});

test('every path in a command is a file or a folder that is written', () => {
  const paths = generate(EVERYTHING).artifacts.map(({ path }) => path);
  const named = commands(EVERYTHING).flatMap((command) => [...command.matchAll(/--filename ([\w./-]+)/g)]);
  const missing = named.flatMap(([, name = '']) =>
    paths.some((path) => path === name || path.startsWith(`${name}/`)) ? [] : [name],
  );
  expect(missing).toEqual([]);
});
