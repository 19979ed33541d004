import { describe, expect, test } from '@jest/globals';
import { parseLock, versioned, type LockEntry } from '../../../generators/output-dir/lock.ts';
import type { Draft } from '../../../generators/model/artifact.ts';

const draft = (path: string, content: string): Draft => ({
  path,
  kind: 'rules',
  format: 'yaml',
  document: 'syntax',
  render: (version) => `${content} ${version}`,
});
const lockAfter = (drafts: readonly Draft[], lock: readonly LockEntry[]) =>
  parseLock(versioned(drafts, lock).at(-1)?.text);

describe('versions of any drafts', () => {
  test('follow their content, not their order', () => {
    const first = lockAfter([draft('b', 'x'), draft('a', 'y')], []);
    expect(first.map(({ path, version }) => [path, version])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    const second = lockAfter([draft('a', 'y'), draft('b', 'changed'), draft('c', 'new')], first);
    expect(second.map(({ version }) => version)).toEqual([1, 2, 1]);
    expect(lockAfter([draft('c', 'new'), draft('b', 'changed'), draft('a', 'y')], second)).toEqual(second);
  });

  test('are in the text that is written', () => {
    const lock = lockAfter([draft('a', 'x')], []);
    expect(versioned([draft('a', 'y')], lock)[0]?.text).toBe('y 2');
  });

  test('are remembered while an artifact is away', () => {
    const both = lockAfter([draft('a', 'x'), draft('b', 'y')], lockAfter([draft('a', 'x'), draft('b', 'old')], []));
    const away = versioned([draft('a', 'x')], both);
    expect(JSON.parse(away.at(-1)?.text ?? '')).toMatchObject({
      artifacts: [{ path: 'a', version: 1 }],
      retired: [{ path: 'b', version: 2 }],
    });
    const lock = parseLock(away.at(-1)?.text);
    expect(versioned([draft('a', 'x')], lock)).toEqual(away);
    const back = (content: string) => versioned([draft('a', 'x'), draft('b', content)], lock);
    expect(back('y').map(({ text }) => text.split('\n')[0])).toEqual(['x 1', 'y 2', '{']);
    expect(back('new')[1]?.text).toBe('new 3');
    expect(back('new').at(-1)?.text).not.toContain('retired');
  });
});
