import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

const guides = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name));
const files = ['README.md', 'CHANGELOG.md', 'SECURITY.md', ...guides];

/** Anchors of the headings of a file, as GitHub and GitLab make them. */
const anchorsOf = (file: string): ReadonlySet<string> =>
  new Set(
    [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

/** Links within the repository, and where they lead: a file, and perhaps an anchor in it. */
const linksOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(([, link = '']) => {
    const [path = '', anchor] = link.split('#');
    return { link, target: path === '' ? file : normalize(join(dirname(file), path)), anchor };
  });

test('there are links to follow', () => {
  expect(files.flatMap(linksOf).length).toBeGreaterThan(20);
  expect(files.flatMap(linksOf).filter(({ anchor }) => anchor !== undefined).length).toBeGreaterThan(2);
});

/** Pictures that HTML names, which switch with the theme. */
const picturesOf = (file: string): string[] =>
  Array.from(readFileSync(file, 'utf8').matchAll(/src(?:set)?="([^"]+)"/g), ([, path = '']) => path);

test('every picture is shown somewhere, and there', () => {
  const shown = files.flatMap((file) => [
    ...picturesOf(file).map((path) => normalize(join(dirname(file), path))),
    ...linksOf(file).map(({ target }) => target),
  ]);
  const pictures = readdirSync('docs/pictures').map((name) => join('docs', 'pictures', name));
  expect(pictures.length).toBeGreaterThan(2);
  expect(shown.filter((path) => path.endsWith('.webp')).toSorted()).toEqual(pictures.toSorted());
});

test.each(files)('every link of %s leads somewhere', (file) => {
  const broken = linksOf(file).filter(
    ({ target, anchor }) => !existsSync(target) || (anchor !== undefined && !anchorsOf(target).has(anchor)),
  );
  expect(broken.map(({ link }) => link)).toEqual([]);
});
