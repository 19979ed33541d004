import { advise, type Advice, type Change, type Finding, monthly } from '../advise/index.ts';
import { type AdviceSource, adviceSource, type RoutingPatch, routingPatches } from '../build/advice.ts';
import { makeCatalogue } from '../build/index.ts';
import type { Config } from '../registry.ts';
import { ProblemError } from '../schema/problems.ts';
import { atLeast } from '../shared/version.ts';
import { queriesOf } from './prometheus/client.ts';
import { type Read, readObserved } from './advise/read.ts';
import { amount, asJson, asMarkdown, asText, type Report } from './advise/report.ts';
import type { Flags, Io } from './context.ts';
import { readConfig } from './read-config.ts';

const PROMETHEUS = 'http://127.0.0.1:9090';
const WINDOW = '7d';

/** From this version of Kubernetes on, Services have trafficDistribution by default. */
const FIELD_SINCE = '1.31';

type Services = readonly Config['routing']['services'][number][];
type Workloads = readonly Config['routing']['workloads'][number][];

const servicesOf = (change: Change): Services => ('services' in change ? change.services : []);

/** Kinds of workloads that patches can spread. */
const SPREAD = ['Deployment', 'StatefulSet'] as const;

/** The workload as `routing.workloads` lists it. Its labels are known to the cluster only. */
function workloadsOf(change: Change): Workloads {
  if (change.kind !== 'replicas') return [];
  const { namespace, type, workload: name } = change.workload;
  const kind = SPREAD.find((each) => each === type);
  return kind === undefined ? [] : [{ namespace, kind, name, labels: { app: name } }];
}

/** Names of the patches of a change, as their files are called. */
const patchNames = (change: Change): readonly string[] => [
  ...servicesOf(change).map(({ namespace, name }) => `routing/${namespace}/service-${name}`),
  ...workloadsOf(change).map(({ namespace, kind, name }) => `routing/${namespace}/${kind.toLowerCase()}-${name}`),
];

/** The same entries once. */
function once<T extends { readonly namespace: string; readonly name: string }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [JSON.stringify([one.namespace, one.name]), one])).values()];
}

/** What `azimuth.yaml` lacks so that all patches are generated. */
function missingSettings(advice: Advice, patches: ReadonlyMap<string, RoutingPatch>): readonly string[] {
  const isMissing = (name: string): boolean => patches.get(name)?.listed === false;
  const changes = advice.findings.map(({ change }) => change);
  const services = once(changes.flatMap(servicesOf)).filter(({ namespace, name }) =>
    isMissing(`routing/${namespace}/service-${name}`),
  );
  const workloads = once(changes.flatMap(workloadsOf)).filter(({ namespace, kind, name }) =>
    isMissing(`routing/${namespace}/${kind.toLowerCase()}-${name}`),
  );
  if (services.length + workloads.length === 0) return [];
  return [
    'routing:',
    ...(services.length === 0 ? [] : ['  services:']),
    ...services.map(({ namespace, name }) => `    - { namespace: ${namespace}, name: ${name} }`),
    ...(workloads.length === 0 ? [] : ['  workloads:']),
    ...workloads.map(
      ({ namespace, kind, name }) =>
        `    - { namespace: ${namespace}, kind: ${kind}, name: ${name}, labels: { app: ${name} } } # labels: its spec.selector.matchLabels`,
    ),
  ];
}

const quoted = (text: string): string => (/^(?:[a-z][-a-z0-9]{3,}|[0-9.]+[/][0-9]+)$/.test(text) ? text : `'${text}'`);

/** How `flows.external` has the ends that are reached by an endpoint then. */
function afterwards({ flows }: Config, advice: Advice): readonly string[] {
  const names = new Set(advice.findings.flatMap(({ change }) => (change.kind === 'endpoint' ? [change.name] : [])));
  const entries = flows.external.filter(({ name, zone }) => names.has(name) && zone === undefined);
  if (entries.length === 0) return [];
  return [
    'flows:',
    '  external:',
    ...entries.map(
      ({ name, kind, region, cidrs }) =>
        `    - { name: ${quoted(name)}, kind: ${kind}${region === undefined ? '' : `, region: ${region}`}, through: endpoint, cidrs: [${cidrs.map(quoted).join(', ')}] }`,
    ),
  ];
}

/** What the reader must know of ends beyond the cluster. */
function distantNotes({ nat, noNat, unit }: AdviceSource, { clusters }: Read): readonly string[] {
  if (nat === undefined) return noNat === undefined ? [] : [noNat];
  return nat.unsaid.flatMap((name) => {
    const cost = clusters.reduce(
      (sum, observed) =>
        observed.distant
          .filter((one) => one.name === name)
          .reduce((all, { sums }) => all + monthly(sums, observed, nat.perUnit).value, sum),
      0,
    );
    return cost === 0
      ? []
      : [
          `flows.external does not say through what ${name} is reached (through): NAT gateways would take ${amount(cost)} ${unit} a month for it, a gateway endpoint nothing`,
        ];
  });
}

/** What the reader must know of the figures. */
function notesOf(
  config: Config,
  { hasRouting, covered, clusters, parts }: Read,
  reason: string | undefined,
): readonly string[] {
  const unseen = Math.max(...clusters.map(({ unattributed, lost }) => unattributed + lost));
  return [
    ...(hasRouting
      ? []
      : [
          `no Services are known, so nothing is advised on routing: ${reason ?? 'kube-state-metrics has exported no EndpointSlices'}`,
        ]),
    ...(covered < 0.9
      ? [`only ${Math.round(covered * 100)} % of the window is recorded: a month is estimated from that`]
      : []),
    ...(parts.count < 3
      ? ['the window is too short for its variation to be told, so the error bar is as large as the figure']
      : []),
    ...(unseen > 0.05
      ? [
          `${Math.round(unseen * 100)} % of the traffic was lost or has no zone, which the upper end of the error bar holds`,
        ]
      : []),
    ...(config.targets.includes('manifests') ? [] : ['targets has no manifests, so no patches are generated']),
  ];
}

/** Lists the changes that save most; exits with 2 if there are any. */
export async function adviseCommand(io: Io, flags: Flags): Promise<number> {
  const config = await readConfig(io.cwd, flags.config, makeCatalogue(), flags.cluster);
  const source = adviceSource(config);
  if ('reason' in source) {
    throw new ProblemError(flags.config, [
      { path: 'flows', message: `there is nothing to advise on: ${source.reason}` },
    ]);
  }
  const queries = queriesOf(flags.prometheus ?? PROMETHEUS);
  const window = flags.window ?? WINDOW;
  const read = await readObserved(queries, source, config, { window, now: Math.floor(Date.now() / 1000) });
  const advice = advise(read.clusters, {
    perUnit: source.perUnit,
    isAuto: !atLeast(config.kubernetes.version, FIELD_SINCE),
    ...(source.nat !== undefined && { nat: source.nat }),
  });
  const changes = advice.findings.map(({ change }) => change);
  const patches = routingPatches(config, {
    services: once(changes.flatMap(servicesOf)),
    workloads: once(changes.flatMap(workloadsOf)),
  });
  const report: Report = {
    prometheus: queries.shown,
    window,
    parts: read.parts.count,
    covered: read.covered,
    unit: source.unit,
    price: source.price,
    advice,
    patchesOf: ({ change }: Finding) => patchNames(change).flatMap((name) => patches.get(name) ?? []),
    settings: missingSettings(advice, patches),
    afterwards: afterwards(config, advice),
    notes: [...notesOf(config, read, source.noRouting), ...distantNotes(source, read)],
  };
  if (flags.json) io.stdout(`${JSON.stringify(asJson(report), null, 2)}\n`);
  else io.stdout(`${(flags.markdown ? asMarkdown(report) : asText(report)).join('\n')}\n`);
  return advice.findings.length === 0 ? 0 : 2;
}
