import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const index = readFileSync('docs/README.md', 'utf8');
const linked = [...index.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);

test('the index has every guide and every runbook, each once', () => {
  const guides = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  );
  expect(guides.length).toBeGreaterThan(20);
  expect(linked.filter((link) => link.endsWith('.md') && !link.startsWith('..')).toSorted()).toEqual(guides.toSorted());
});

test('the index is by reader, with a line of text for each guide', () => {
  const readers = [...index.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  expect(readers).toEqual(['On call', 'FinOps', 'Platform engineer', 'Contributor']);
  const entries = [...index.matchAll(/^- \[[^\]]+\]\([^)]+\)(.*)$/gm)].map(([, text = '']) => text);
  expect(entries.length).toBeGreaterThan(10);
  expect(entries.filter((text) => !/^: \w.{20,}$/.test(text))).toEqual([]);
});
