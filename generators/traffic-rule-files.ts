import { alertsFor, trafficAlerts } from './alerts/index.ts';
import type { Config } from './config/schema.ts';
import { costless } from './cost/price-book.ts';
import type { Omission } from './model/omission.ts';
import type { RuleFile, RuleGroup } from './model/rules.ts';
import { seconds } from './promql/index.ts';
import { avoidableRules } from './recordings/avoidable.ts';
import { doubleCountRule } from './recordings/checks.ts';
import { costRules } from './recordings/cost.ts';
import { compatibilityGroup, identityRules, trafficRules } from './recordings/index.ts';
import type { FlowSource } from './sources/flow-source.ts';
import { flowSources } from './sources/index.ts';
import { flowInputs, type FlowInput } from './sources/input.ts';

/** What was made of a configuration, and what was not. */
export interface Part<T> {
  readonly made: readonly T[];
  readonly omissions: readonly Omission[];
}

const none = (what: string, reason: string): Part<never> => ({ made: [], omissions: [{ what, reason }] });

const dashed = (unit: string): string => unit.replaceAll('_', '-');

/**
 * The check reads all flows once more, so it runs at a quarter of the pace. Recorded series are forgotten after 5 minutes: a longer
 * interval would leave holes, and alerts would resolve in them.
 */
function checkInterval({ rules }: Config): string {
  const slow = Math.min(4 * seconds(rules.interval), 240);
  return slow > seconds(rules.interval) ? `${Math.max(1, Math.round(slow))}s` : rules.interval;
}

function doubleCountGroups(config: Config, inputs: readonly FlowInput[]): readonly RuleGroup[] {
  const rules = inputs.flatMap((input) => doubleCountRule(config, input) ?? []);
  return rules.length === 0 ? [] : [{ name: 'azimuth-double-count', interval: checkInterval(config), rules }];
}

function costGroup(config: Config, input: FlowInput): Part<RuleGroup> {
  const reason = costless(config);
  const hasPairs = input.source.locality === undefined && config.flows.granularity !== 'zone';
  const rules = [
    ...(reason === undefined ? costRules(config, input) : []),
    ...(hasPairs ? avoidableRules(config, input) : []),
  ];
  const omissions: Omission[] = [
    ...(reason === undefined ? [] : [{ what: 'records of cost', reason }]),
    ...(hasPairs ? [] : [{ what: 'records of avoidable traffic', reason: 'they need pairs of workloads in bytes' }]),
  ];
  const { interval } = config.rules;
  return { made: rules.length === 0 ? [] : [{ name: 'azimuth-network-cost', interval, rules }], omissions };
}

const about = ({ id, countOnce, blindSpots }: FlowSource, units: readonly string[]): string =>
  [
    `Traffic between workloads and zones in ${units.join(' and ')}, read from ${id}. ${countOnce}`,
    'What it does not see:',
    ...blindSpots.map((spot) => `- ${spot}`),
  ].join('\n');

/** The rules of traffic: identities, the chain of each unit, checks with their alerts, cost, and the compatibility records. */
export function trafficRuleFiles(config: Config): Part<RuleFile> {
  const inputs = flowInputs(config);
  if (inputs.length === 0) return none('recording rules of traffic', 'flows.source is none');
  const { interval } = config.rules;
  const bytes = inputs.find(({ unit }) => unit === 'network_bytes');
  const cost =
    bytes === undefined
      ? none('records of cost', `${inputs.map(({ source }) => source.id).join(', ')} counts no bytes`)
      : costGroup(config, bytes);
  const sources = flowSources(config);
  const zoneTraffic: RuleFile = {
    name: 'zone-traffic',
    about: sources
      .map((source) =>
        about(
          source,
          inputs.filter((input) => input.source.id === source.id).map(({ unitLabel }) => unitLabel),
        ),
      )
      .join('\n'),
    groups: [
      { name: 'azimuth-identity', interval, rules: identityRules(config) },
      ...inputs.map((input) => ({
        name: `azimuth-${dashed(input.unit)}`,
        interval,
        rules: trafficRules(config, input),
      })),
      ...cost.made,
    ],
  };
  const pipeline: RuleFile = {
    name: 'traffic-pipeline',
    about: 'Whether the numbers of traffic can be trusted: the check against double counting, and alerts.',
    groups: [
      ...doubleCountGroups(config, inputs),
      { name: 'azimuth-traffic-pipeline', interval, rules: alertsFor(config, trafficAlerts) },
    ].filter(({ rules }) => rules.length > 0),
  };
  const files = pipeline.groups.length === 0 ? [zoneTraffic] : [zoneTraffic, pipeline];
  const hubble = inputs.find(({ unit }) => unit === 'network_flows');
  const compatibility =
    hubble === undefined
      ? none('compatibility records', 'they are made of Hubble flows')
      : config.rules.compatibilityRecords
        ? { made: [compatibilityFile(config, hubble)], omissions: [] }
        : none('compatibility records', 'rules.compatibilityRecords is false');
  return { made: [...files, ...compatibility.made], omissions: [...cost.omissions, ...compatibility.omissions] };
}

const compatibilityFile = (config: Config, input: FlowInput): RuleFile => ({
  name: 'inter-az-traffic-analysis',
  about:
    'Compatibility records: public names, for queries built on them. Nothing of Azimuth reads them; ' +
    'rules.compatibilityRecords asks for them. They cost two series for each flow series.',
  groups: [compatibilityGroup(config, input)],
});
