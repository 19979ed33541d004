import { checkOf, problem, rejectedRegex, type Check } from '../settings/check.ts';
import { regexProblem } from '../settings/regex.ts';
import { parseMatchers, type Matchers } from '../promql/index.ts';
import { suggestion, type Problem } from '../schema/problems.ts';
import { renamedSelection } from '../settings/renamed.ts';
import { chosenSources, inputsOf, selectionFor, selectionName } from './input.ts';
import type { Flows } from './settings.ts';
import type { FlowSource } from './source.ts';

interface Read {
  readonly flows: Flows;
  readonly ethtool: { readonly exporter: string | readonly string[] };
  readonly workloads: { readonly resources: boolean };
  readonly dns: { readonly enabled: boolean };
  readonly controlPlane: { readonly enabled: boolean };
}

/** Refuses a configuration in which every domain is off: there would be no rules and no dashboards. */
export const somethingBuilt = checkOf<
  Read & { readonly cilium: { readonly health: string; readonly values: string } }
>()(
  [
    'flows.source',
    'ethtool.exporter',
    'workloads.resources',
    'dns.enabled',
    'controlPlane.enabled',
    'cilium.health',
    'cilium.values',
  ],
  ({ flows, ethtool, workloads, dns, controlPlane, cilium: { health, values } }) =>
    flows.source === 'none' &&
    ethtool.exporter === 'none' &&
    !workloads.resources &&
    !dns.enabled &&
    !controlPlane.enabled &&
    (health === 'never' || (health === 'auto' && values === 'hubble'))
      ? [
          problem(
            'flows.source',
            'none',
            'a flow source, as ethtool.exporter is none and workloads.resources, dns.enabled and controlPlane.enabled are false, so nothing would be generated',
          ),
        ]
      : [],
);

/** Refuses a zones.valid that Prometheus would refuse, or that no zone matches. */
export const zoneRegex = checkOf<{ readonly zones: { readonly valid: string | null } }>()(
  ['zones.valid'],
  ({ zones: { valid } }) => {
    if (valid === null) return [];
    const why = valid === '' ? 'it matches no zone' : regexProblem(valid);
    return rejectedRegex('zones.valid', valid, why, ' such as [a-z0-9-]+, or null');
  },
);

/** Refuses sources that record the same unit, and sources of which no unit is recorded. */
const twoSources = (sources: readonly FlowSource[]): Check =>
  checkOf<Read>()(['flows.source', 'flows.select', 'flows.units'], ({ flows: { source: given, units } }) => {
    const inputs = sources.flatMap((source) => inputsOf({ units, select: 'default' }, source));
    const clash = inputs.find(({ unit }, index) => inputs.findIndex((other) => other.unit === unit) !== index);
    if (clash !== undefined) {
      const rival = inputs.find(({ unit }) => unit === clash.unit)?.source.id;
      const unit = clash.unit.replace('network_', '');
      const expected = `sources that count in different units (${rival} and ${clash.source.id} both record ${unit}; see flows.units)`;
      return [problem('flows.source', given, expected)];
    }
    // Such a source would be installed and scraped for nothing.
    return sources
      .filter(({ id }) => !inputs.some(({ source }) => source.id === id))
      .map(({ id }) => problem('flows.units', units, `a unit that ${id} counts`));
  });

/** Regular expressions of well-formed matchers that Prometheus would refuse. */
const matcherProblems = (path: string, value: string, matchers: Matchers): readonly Problem[] =>
  Object.values(matchers)
    .flatMap((conditions) => (typeof conditions === 'string' ? [] : conditions))
    .flatMap(({ operator, value: regex }) =>
      rejectedRegex(path, value, operator.includes('~') ? regexProblem(regex) : undefined, ` in ${regex}`),
    );

/** Problems with the selection of one source; `path` is its place in the configuration. */
function selectionProblems(path: string, flows: Pick<Flows, 'select'>, source: FlowSource): readonly Problem[] {
  if (selectionName(flows, source) !== undefined) return [];
  const value = selectionFor(flows, source.id);
  const matchers = parseMatchers(value);
  if (matchers !== undefined) return matcherProblems(path, value, matchers);
  const names = Object.keys(source.selections);
  const renamed = renamedSelection(value, names);
  if (renamed !== undefined) return [{ path, message: renamed }];
  const hint = suggestion(value, names);
  const expected = `default, ${names.join(', ')} (the selections of ${source.id}), or matchers such as traffic_direction="ingress"`;
  return [problem(path, value, hint.startsWith('did') ? `${expected}; ${hint}` : expected)];
}

const selections = (sources: readonly FlowSource[]): Check =>
  checkOf<Read>()(['flows.source', 'flows.select'], ({ flows }) => {
    const { select } = flows;
    if (typeof select === 'string')
      return sources.flatMap((source) => selectionProblems('flows.select', flows, source));
    const chosen = chosenSources(flows);
    return [
      ...sources.flatMap((source) => selectionProblems(`flows.select.${source.id}`, flows, source)),
      ...Object.keys(select)
        .filter((id) => !chosen.includes(id))
        .map((id) => ({ path: `flows.select.${id}`, message: `${id} is not among flows.source` })),
    ];
  });

/** Checks that need the adapters: sources that do not fit each other, and their selections. */
export const flowChecks = (sources: readonly FlowSource[]): readonly Check[] => [
  twoSources(sources),
  selections(sources),
];
