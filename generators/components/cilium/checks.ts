import { type Problem, show } from '../../schema/problems.ts';
import { problemIf } from '../../shared/checks.ts';
import { readsFrom } from '../../traffic/index.ts';
import { checkOf, type Check, problem } from '../../settings/check.ts';
import { CHOICES, ciliumChoices, isChoice } from './profiles.ts';
import { CILIUM_REQUIREMENTS, type CiliumFacts } from './requirements.ts';
import type { CiliumConfig } from './settings.ts';

const check = checkOf<CiliumConfig>();

/** Names the profile if it decides a value, and not the setting itself. */
const origin = (config: Pick<CiliumConfig, 'cilium'>, key: keyof CiliumFacts): string =>
  isChoice(key) && config.cilium[key] === null ? ` of the profile ${config.cilium.profile}` : '';

/** The setting that has a requirement, as shown in messages. */
function asking(facts: CiliumFacts, key: keyof CiliumFacts): string {
  const value = facts[key];
  if (key === 'apiServer') return `cilium.apiServer.urls: [${facts.apiServer.urls.join(', ')}]`;
  if (typeof value !== 'object') return `cilium.${key}: ${String(value)}`;
  const { mode, dispatch, algorithm } = facts.loadBalancer;
  return `cilium.${key}: { mode: ${mode}, dispatch: ${dispatch}, algorithm: ${algorithm} }`;
}

/** Path and value of the setting that fails a requirement. */
function found(facts: CiliumFacts, needs: keyof CiliumFacts): readonly [path: string, value: unknown] {
  if (needs === 'provider') return ['cloud.provider', facts.provider];
  if (needs === 'loadBalancer') return ['cilium.loadBalancer.dispatch', facts.loadBalancer.dispatch];
  if (needs !== 'apiServer') return [`cilium.${needs}`, facts[needs]];
  const { host, port } = facts.apiServer;
  return host === '' ? ['cilium.apiServer.host', host] : ['cilium.apiServer.port', port];
}

/** Settings that contradict each other, or need more than the nodes have. */
const requirements = check(['cilium', 'cloud.provider'], (config) => {
  if (config.cilium.values !== 'full') return [];
  const facts: CiliumFacts = { ...config.cilium, ...ciliumChoices(config), provider: config.cloud.provider };
  return CILIUM_REQUIREMENTS.filter(({ when, met }) => when(facts) && !met(facts)).map(
    ({ asks, needs, expected, why }): Problem => {
      const [path, value] = found(facts, needs);
      const reason = `${asking(facts, asks)}${origin(config, asks)} ${why}`;
      return { path, message: `got ${show(value)}${origin(config, needs)}, expected ${expected}, as ${reason}` };
    },
  );
});

/** Choices that also say what an existing installation has. */
const FACTS: ReadonlySet<string> = new Set(['endpointSlices', 'kubeProxyReplacement']);

/** Settings that only apply to a full installation. */
const withoutFull = check(['cilium'], ({ cilium }) => {
  if (cilium.values === 'full') return [];
  const set = [
    ...CHOICES.filter((key) => cilium[key] !== null && !FACTS.has(key)),
    ...(cilium.profile === 'conservative' ? [] : ['profile']),
  ];
  const expected = `full, as cilium.${set.join(', cilium.')} has no effect otherwise`;
  return problemIf(set.length > 0, 'cilium.values', cilium.values, expected);
});

/** Ports that Cilium's pods open on the host network. Upstream: Cilium, Documentation/operations/system_requirements.rst. */
const PORTS: Readonly<Record<number, string>> = {
  4240: 'the health checks',
  4244: 'the Hubble server',
  9878: 'Envoy health port',
  9879: 'the agent health port',
  9890: 'the agent',
  9891: 'the operator',
  9962: 'the agent metrics',
  9963: 'the operator metrics',
  9964: 'Envoy metrics',
};

const ports = check(['cilium', 'flows.source'], (config) => {
  const { values, hubblePort } = config.cilium;
  const owner = PORTS[hubblePort];
  const isUsed = values === 'full' || readsFrom(config, 'cilium-hubble');
  const expected = `a port that Cilium does not use itself, such as 9965 (this one belongs to ${owner})`;
  return problemIf(isUsed && owner !== undefined, 'cilium.hubblePort', hubblePort, expected);
});

/** Two Hubbles on one node. Upstream: Retina, deploy/hubble, whose chart is derived from Cilium's. */
const twoHubbles = check(['cilium.values', 'flows.source'], (config) =>
  problemIf(
    config.cilium.values === 'full' && readsFrom(config, 'retina-hubble'),
    'cilium.values',
    'full',
    'hubble, or flows.source: cilium-hubble, as the Hubble of retina-hubble uses the same port 4244 on every node and the same ' +
      'Deployments hubble-relay and hubble-ui',
  ),
);

const nameOf = (metric: string): string => metric.replace(/:.*$/, '');

/** Metrics of Hubble that are written anyway, twice, or cannot stand together. Upstream: Cilium, pkg/hubble/metrics/api/registry.go. */
const hubbleMetrics = check(['cilium.hubbleMetrics'], ({ cilium: { hubbleMetrics: given } }) => {
  const names = given.map(nameOf);
  return given.flatMap((metric, index) => {
    const name = nameOf(metric);
    const path = `cilium.hubbleMetrics.${index}`;
    if (name === 'flow' || name === 'dns') {
      return [problem(path, metric, 'another metric, as flow and dns are written with the labels that the rules read')];
    }
    if (names.indexOf(name) < index) return [problem(path, metric, `another metric, as ${name} is there already`)];
    return problemIf(
      name === 'http' && names.includes('httpV2'),
      path,
      metric,
      'no http beside httpV2: both have the same names',
    );
  });
});

/** Whether Cilium can be installed as configured. */
export const checks: readonly Check[] = [requirements, withoutFull, ports, twoHubbles, hubbleMetrics];
