import { expect } from '@jest/globals';
import { CORE_SCHEMA, load, YAML11_SCHEMA } from 'js-yaml';
import { generate } from './generate.ts';

/** Data of a values file. */
export type Data = Readonly<Record<string, unknown>>;

const read = new Map<string, Data>();

/** The values of one chart under a configuration, read back from their file; the same by YAML 1.1 and 1.2. Read once for each. */
export function chartValues(chart: string, given: object): Data {
  const key = `${chart} ${JSON.stringify(given)}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const text = generate({ ...given, targets: ['helm-values'] }).file(`helm-values/${chart}.yaml`);
  const data = load(text, { schema: CORE_SCHEMA }) as Data;
  expect(load(text, { schema: YAML11_SCHEMA })).toEqual(data);
  read.set(key, data);
  return data;
}

/** Charts for which a configuration writes values. */
export const chartsOf = (given: object): readonly string[] =>
  generate({ ...given, targets: ['helm-values'] }).bundle.helmValues.map(({ chart }) => chart);

const isMapping = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Dotted paths of all leaves; `whole` are keys that the chart takes as they are, and that are not looked into. */
export function leaves(data: Data, whole: ReadonlySet<string>, prefix = ''): readonly string[] {
  return Object.entries(data).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    return isMapping(value) && !whole.has(path) ? leaves(value, whole, `${path}.`) : [path];
  });
}
