/** The text of `settings.md`: every setting, from the schema. `npm run build` writes it (build.mjs). */
import {
  completeConfig,
  COMPONENTS,
  DOMAINS,
  listed,
  makeCatalogue,
  namedSchema,
  OUTPUTS,
} from '../generators/index.ts';

/** What a setting has an effect with: the kind of a part that is skipped otherwise, or values of other settings. */
type Requires = string | Readonly<Record<string, readonly unknown[] | true>>;

/** The keywords of a schema that the page shows. `expected`, `note`, `requires` and `unit` are Azimuth's own keywords. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly default?: unknown;
  readonly description?: string;
  readonly expected?: string;
  readonly unit?: string;
  /** Whether it is a fact that no output reads. */
  readonly note?: boolean;
  readonly requires?: Requires | readonly Requires[];
}

/** One setting, with everything that the schemas around it require. */
export interface Setting {
  readonly path: string;
  readonly schema: Schema;
  readonly requires: readonly Requires[];
}

/** Sections whose keys are names that exist, all with the same settings. */
const NAMED: Readonly<Record<string, string>> = { alerts: '<alert>', dashboards: '<uid>', panels: '<panel>' };

/** Every setting below a schema, in its order. */
function settingsBelow(schema: Schema, path: string, above: Setting['requires'] = []): readonly Setting[] {
  const requires = [...above, ...[schema.requires ?? []].flat()];
  const own: Setting = { path, schema, requires };
  const name = NAMED[path.split('.').at(-1) ?? ''];
  // A switch may have the name of such a section.
  if (name !== undefined && schema.properties !== undefined) {
    const [first] = Object.values(schema.properties);
    return first === undefined ? [] : settingsBelow(first, `${path}.${name}`, requires);
  }
  const entries = (of: Schema, at: string) =>
    Object.entries(of.properties ?? {}).flatMap(([key, property]) => settingsBelow(property, `${at}.${key}`, requires));
  // A change is `false` or a mapping of changes; items of a list are mappings of their own.
  if (schema.else?.const === false) return [own, ...entries(schema.then ?? {}, path)];
  if (schema.items?.properties !== undefined) return [own, ...entries(schema.items, `${path}[]`)];
  return schema.properties === undefined ? [own] : entries(schema, path);
}

/** Text of the schema inside a table, without markup. */
const plain = (text: string): string => text.replaceAll(/[*_<]/g, String.raw`\$&`);

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** `a`, `a or b`, `a, b or c`. */
const either = (items: readonly string[]): string => listed(items, 'or');

/** The bounds of a number, where there are any. */
function bounds({ minimum, exclusiveMinimum, maximum }: Schema): string {
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  if (minimum === undefined) return maximum === undefined ? '' : ` up to ${maximum}`;
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}

const TYPES: Readonly<Record<string, (schema: Schema) => string>> = {
  integer: (schema) => `a whole number${bounds(schema)}`,
  number: (schema) => `a number${bounds(schema)}`,
  string: () => 'text',
  array: ({ items = {} }) => `a list, each ${forms(items)}`,
  object: ({ propertyNames, additionalProperties, properties }) =>
    properties === undefined && typeof additionalProperties === 'object'
      ? `a mapping: ${forms(propertyNames ?? {})} to ${forms(additionalProperties)}`
      : `a mapping with any of ${Object.keys(properties ?? {})
          .map(code)
          .join(', ')}`,
};

/** The values of a setting, in words. */
function forms(schema: Schema): string {
  if (schema.enum !== undefined) return either(schema.enum.map(code));
  if (schema.else?.const === false) return '`false` or a mapping';
  if (schema.then !== undefined && schema.else !== undefined) return `${forms(schema.else)}; or ${forms(schema.then)}`;
  if (schema.expected !== undefined) return plain(schema.expected);
  const constants: Readonly<Record<string, readonly string[]>> = { boolean: ['`true`', '`false`'], null: ['`null`'] };
  return either([schema.type ?? []].flat().flatMap((type) => constants[type] ?? TYPES[type]?.(schema) ?? type));
}

/** The conditions under which a setting has an effect, in words. */
const needs = ({ path: own, schema: { note = false }, requires }: Setting): string =>
  [
    ...new Set(
      (note ? [] : requires).flatMap((one) =>
        typeof one === 'string'
          ? [`${one} (see \`left out\`)`]
          : Object.entries(one)
              .filter(([path]) => path !== own)
              .map(([path, wanted]) => (wanted === true ? code(path) : `${code(path)}: ${either(wanted.map(code))}`)),
      ),
    ),
  ].join('; ');

const defaultOf = (schema: Schema): string =>
  !('default' in schema) ? '' : schema.default === '' ? 'empty' : code(schema.default);

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;

/** A row for each setting; columns that say nothing in any of them are left out. */
const table = (settings: readonly Setting[]): readonly string[] => {
  const columns: readonly (readonly [heading: string, cell: (setting: Setting) => string])[] = [
    ['setting', ({ path }) => code(path)],
    ['value', ({ schema }) => forms(schema)],
    ['unit', ({ schema }) => schema.unit ?? ''],
    ['default', ({ schema }) => defaultOf(schema)],
    ['description', ({ schema }) => plain(schema.description ?? '')],
    ['needs', needs],
  ];
  const shown = columns.filter(([, cell]) => settings.some((setting) => cell(setting) !== ''));
  return [
    row(shown.map(([heading]) => heading)),
    row(shown.map(() => '---')),
    ...settings.map((setting) => row(shown.map(([, cell]) => cell(setting)))),
  ];
};

const KINDS = [
  ['component', COMPONENTS],
  ['domain', DOMAINS],
  ['output', OUTPUTS],
] as const;

/** Parts by kind, such as `components cilium, retina; domain traffic`. */
const parts = (isWanted: (part: { readonly settings: object; readonly reads: readonly string[] }) => boolean): string =>
  KINDS.flatMap(([kind, all]) => {
    const ids = all.filter(isWanted).map(({ id }) => code(id));
    return ids.length === 0 ? [] : [`${kind}${ids.length > 1 ? 's' : ''} ${ids.join(', ')}`];
  }).join('; ');

/** The parts that own a section, and the others that read it. */
function readers(section: string, defaults: object): string {
  const owner = parts(({ settings }) => section in settings);
  const off = COMPONENTS.filter(({ settings }) => section in settings)
    .map((component) => component.bind(defaults).enabled())
    .find((reason) => reason !== true);
  const others = parts(({ settings, reads }) => reads.includes(section) && !(section in settings));
  return [
    owner === '' ? 'A general section.' : `Section of the ${owner}.`,
    off === undefined ? '' : `Off by default (${plain(off)}).`,
    others === '' ? (owner === '' ? 'Read by the build itself.' : '') : `Read by the ${others}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

const INTRODUCTION = `<!-- Generated by Azimuth from the schema of the configuration; do not edit: npm run build writes it again. -->

# Settings

Every setting of \`azimuth.yaml\`, in the order of the schema. [configuration.md](configuration.md) says which ones people change first. All have a default, except
changes to alerts and dashboards: what is not changed there stays as it is.

- A setting has an effect only if the conditions under "needs" hold: a switch named alone must be on (not \`false\`, \`none\`, \`null\` or empty), any other must have one
  of the values. \`build\` reports a setting that changes nothing.
- Durations and quantities of memory and CPU carry their unit in the value. Other numbers have a column for it.
- "Read by" names the parts that receive the section. No other part can read it.
`;

/** A section of the page, with every setting in it. */
interface Section {
  readonly name: string;
  readonly schema: Schema;
  readonly settings: readonly Setting[];
}

const catalogue = makeCatalogue();

/** Every setting by its section. */
export const SETTINGS: readonly Section[] = Object.entries((namedSchema(catalogue) as Schema).properties ?? {}).map(
  ([name, schema]) => ({ name, schema, settings: settingsBelow(schema, name) }),
);

/** The page. Pure: the schema decides its bytes. */
export function settingsPage(): string {
  const defaults = completeConfig('defaults', {}, catalogue);
  const sections = SETTINGS.map(({ name, schema: { description = '' }, settings }) =>
    [`## ${name}`, '', `${plain(description)} ${readers(name, defaults)}`, '', ...table(settings), ''].join('\n'),
  );
  return [INTRODUCTION, ...sections].join('\n');
}
