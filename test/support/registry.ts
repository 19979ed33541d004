import { COMPONENTS, FLOW_SOURCES, OUTPUTS, type SourceName } from '../../generators/index.ts';
import type { Kinds } from '../../generators/schema/objects.ts';
import { allFlowSources } from '../../generators/build/readings.ts';
import { namedSchema } from '../../generators/config/schema.ts';
import type { FlowSource } from '../../generators/traffic/source.ts';
import { catalogue, generate } from './generate.ts';

/** Every output format that a configuration may ask for. */
export const TARGETS = OUTPUTS.map(({ id }) => id);

/** All of them but one of two that load the rules. */
export const ONE_LOADER = TARGETS.filter((id) => id !== 'prometheus-operator');

/** Every flow source by its name. */
export const SOURCES = FLOW_SOURCES as readonly SourceName[];

/** Every kind of object that may be written. */
export const KINDS: Kinds = Object.assign({}, ...[...COMPONENTS, ...OUTPUTS].map(({ kinds }) => kinds)) as Kinds;

/** The adapter of every flow source, as the default configuration sets it up. */
export const ADAPTERS: readonly FlowSource[] = allFlowSources(generate().config);

/** The adapter of one of them. @throws TypeError when there is none. */
export function adapterOf(id: string): FlowSource {
  const found = ADAPTERS.find((adapter) => adapter.id === id);
  if (found === undefined) throw new TypeError(`no flow source ${id}`);
  return found;
}

interface Section {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Section>>;
}

/** The sections of the configuration. */
export const SECTIONS = namedSchema(catalogue)['properties'] as Readonly<Record<string, Section>>;

const inside = (path: readonly string[], value: unknown): object =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;

const switchesOf = (properties: Readonly<Record<string, Section>>, above: readonly string[]): (readonly string[])[] =>
  Object.entries(properties).flatMap(([key, section]) => {
    const path = [...above, key];
    if (key === 'enabled' && section.type === 'boolean') return [path];
    return switchesOf(section.properties ?? {}, path);
  });

/** The configuration that switches on one part, for every setting `enabled` of any section. */
export const SWITCHES: Readonly<Record<string, object>> = Object.fromEntries(
  switchesOf(SECTIONS, []).map((path) => [path.join('.'), inside(path, true)]),
);
