import { describe, expect, test } from '@jest/globals';
import { array, assert, dictionary, jsonValue, oneof, property, string } from 'fast-check';
import { leavesOf, shown, valueAt, without, withValue } from '../../../conformance/shared/tree.ts';
import { inPool } from '../../../conformance/shared/pool.ts';

const TREE = { a: { b: [1, { c: 'x' }], 'd.e': null }, empty: {}, none: [] };

/** Anything that JSON can say, with mappings and lists at its root. */
const trees = oneof(dictionary(string(), jsonValue()), array(jsonValue())).map(
  (value) => JSON.parse(JSON.stringify(value)) as unknown,
);

describe('leaves', () => {
  test('are scalars, null, and what is empty', () => {
    expect(leavesOf(TREE).map(({ path, value }) => [shown(path), value])).toEqual([
      ['a.b[0]', 1],
      ['a.b[1].c', 'x'],
      ['a["d.e"]', null],
      ['empty', {}],
      ['none', []],
    ]);
  });

  test('are all of a tree, each at its path, and no two at one', () => {
    assert(
      property(trees, (tree) => {
        const leaves = leavesOf(tree);
        for (const { path, value } of leaves) expect(valueAt(tree, path)).toBe(value);
        // As many as JSON has places that hold nothing further.
        let count = 0;
        JSON.stringify(tree, (_key, value: unknown) => {
          if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) count += 1;
          return value;
        });
        const isEmpty = Object.keys(tree as object).length === 0;
        expect(leaves.length).toBe(isEmpty ? 0 : count);
        expect(new Set(leaves.map(({ path }) => JSON.stringify(path))).size).toBe(leaves.length);
      }),
    );
  });
});

describe('a change', () => {
  test('of one leaf leaves every other', () => {
    assert(
      property(trees, (tree) => {
        const before = JSON.stringify(tree);
        const leaves = leavesOf(tree);
        for (const { path } of leaves) {
          const changed = withValue(tree, path, 'another');
          const other = leavesOf(changed).filter(({ value }, index) => value !== leaves[index]?.value);
          expect(other.map((leaf) => leaf.path)).toEqual(
            leaves.find((leaf) => leaf.path === path)?.value === 'another' ? [] : [path],
          );
        }
        expect(JSON.stringify(tree)).toBe(before);
      }),
    );
  });

  test('takes a key or an item away, and nothing else', () => {
    expect(without(TREE, ['a', 'b', 0])).toEqual({ ...TREE, a: { b: [{ c: 'x' }], 'd.e': null } });
    expect(without(TREE, ['a', 'd.e'])).toEqual({ ...TREE, a: { b: [1, { c: 'x' }] } });
    expect(Object.keys(without(TREE, ['none']) as object)).toEqual(['a', 'empty']);
  });

  test('of what is not there is refused', () => {
    expect(() => without(TREE, ['a', 'missing'])).toThrow('nothing stands at missing');
    expect(() => withValue(TREE, ['a', 'b', 7], 1)).toThrow('nothing stands at 7');
  });
});

describe('a pool', () => {
  test('does everything, in order, and no more at once than it may', async () => {
    let now = 0;
    let most = 0;
    const items = Array.from({ length: 20 }, (_, index) => index);
    const results = await inPool(
      items,
      async (item) => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setTimeout(resolve, (item * 7) % 5));
        now -= 1;
        return item * 2;
      },
      3,
    );
    expect(results).toEqual(items.map((item) => item * 2));
    expect(most).toBe(3);
  });

  test('fails when the work fails', async () => {
    await expect(inPool([1, 2, 3], (item) => Promise.reject(new Error(`item ${item}`)))).rejects.toThrow('item 1');
  });
});
