import { allExporters, allFlowSources } from '../../build/readings.ts';
import type { Config } from '../../registry.ts';
import { readsOf } from '../../promql/reads.ts';
import type { Answered, Queries } from '../prometheus/client.ts';

/** An answer that a Prometheus gives, and what it was seen by. */
export interface Seen {
  readonly value: string;
  /** The evidence, ready to be shown. */
  readonly by: string;
}

/** What a Prometheus tells about a cluster. What it does not tell is not there. */
export interface Detected {
  readonly source?: Seen;
  readonly exporter?: Seen;
  readonly label?: Seen;
  readonly name?: Seen;
  readonly provider?: Seen;
  readonly region?: Seen;
  readonly interval?: Seen;
  readonly device?: Seen;
  /** What is missing for the figures to be right, each with its remedy. */
  readonly warnings: readonly string[];
}

/** Asks for the value of one label of all series that a selector matches. */
type Values = (selector: string, label: string) => Promise<readonly string[]>;

const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].toSorted();

/** Metrics by which flow sources and exporters are known: those of their counters. */
function signatures(
  config: Config,
): { readonly id: string; readonly kind: 'source' | 'exporter'; readonly metrics: readonly string[] }[] {
  const sources = allFlowSources(config).map(({ id, selections }) => ({
    id,
    kind: 'source' as const,
    metrics: sorted(Object.values(selections).flatMap(({ metrics }) => Object.values(metrics))),
  }));
  const exporters = Object.entries(allExporters()).map(([id, exporter]) => {
    const { names, patterns } = readsOf(exporter.anyExceeded(config.ethtool).text);
    return { id, kind: 'exporter' as const, metrics: sorted([...names, ...patterns.flatMap((one) => one.split('|'))]) };
  });
  return [...sources, ...exporters];
}

/** What Hubble exports for Retina and for Cilium alike. */
const HUBBLE = 'hubble_flows_processed_total';

/** What only agents of Cilium export. Upstream: cilium, Documentation/observability/metrics.rst. */
const CILIUM = 'cilium_endpoint';

/** Whether it is Cilium that exports Hubble's metrics: by the names of pods and jobs, else by what else there is. */
async function isOfCilium(values: Values, there: ReadonlySet<string>): Promise<boolean> {
  const names = [...(await values(HUBBLE, 'pod')), ...(await values(HUBBLE, 'job'))];
  if (names.some((name) => /^cilium-|hubble-metrics$/.test(name))) return true;
  return there.has(CILIUM) && !names.some((name) => /retina|networkobservability/.test(name));
}

const alternatives = (names: readonly string[]): string => `{__name__=~${JSON.stringify(names.join('|'))}}`;

/** The flow sources, or exporters, whose counters are there. */
function chosen(
  all: ReturnType<typeof signatures>,
  kind: 'source' | 'exporter',
  there: ReadonlySet<string>,
  hasCilium: boolean,
): Seen | undefined {
  const found = all
    .filter((one) => one.kind === kind && one.metrics.some((metric) => there.has(metric)))
    .filter(({ id }) => (id === 'retina-hubble' ? !hasCilium : id === 'cilium-hubble' ? hasCilium : true));
  if (found.length === 0) return undefined;
  const metrics = found.flatMap((one) => one.metrics.filter((metric) => there.has(metric)).slice(0, 1));
  return { value: found.map(({ id }) => id).join(','), by: `series of ${metrics.join(' and ')}` };
}

/** Labels that stores of several clusters have, the most usual first. */
const CLUSTER_LABELS = ['cluster', 'k8s_cluster_name', 'cluster_name'];

async function clusterOf(values: Values): Promise<Pick<Detected, 'label' | 'name'>> {
  for (const label of CLUSTER_LABELS) {
    const names = (await values('kube_node_info', label)).filter((name) => name !== '');
    if (names.length > 0) {
      const by = `kube_node_info has the label ${label}`;
      const [name = ''] = names;
      return {
        label: { value: label, by },
        ...(names.length === 1 && { name: { value: name, by: `${by} with one value, ${name}` } }),
      };
    }
  }
  return { label: { value: 'null', by: `kube_node_info has none of the labels ${CLUSTER_LABELS.join(', ')}` } };
}

/** Clouds by the scheme of a node's provider ID. Upstream: the cloud providers' node controllers, spec.providerID. */
const SCHEMES: Readonly<Record<string, string>> = { aws: 'aws', gce: 'gcp', azure: 'azure' };

async function cloudOf(values: Values): Promise<Pick<Detected, 'provider' | 'region'>> {
  const [id = ''] = [(await values('kube_node_info', 'provider_id')).find((one) => one !== '')];
  const provider = SCHEMES[/^(\w+):/.exec(id)?.[1] ?? ''];
  const regions = await values('kube_node_labels', 'label_topology_kubernetes_io_region');
  const labelled = regions.find((one) => one !== '');
  // aws:///eu-west-1a/i-0abc: the zone is the region and a letter.
  const region = labelled ?? /^aws:\/\/\/([a-z]+(?:-[a-z]+)+-\d+)[a-z]\//.exec(id)?.[1];
  const place = `a node's provider ID is ${id}`;
  return {
    ...(id !== '' && { provider: { value: provider ?? 'none', by: place } }),
    ...(region !== undefined && {
      region: { value: region, by: labelled === undefined ? place : 'the region label of nodes' },
    }),
  };
}

/** Intervals that people set, in seconds; a measured one is the nearest of them. */
const INTERVALS = [5, 10, 15, 20, 30, 60, 120];

async function intervalOf(queries: Queries, at: number): Promise<Seen | undefined> {
  const [most] = await queries.instant('max(count_over_time(kube_node_info[10m]))', at);
  const count = most?.values.at(-1)?.[1] ?? 0;
  if (count < 2) return undefined;
  const measured = 600 / count;
  const [nearest = 30] = INTERVALS.toSorted((a, b) => Math.abs(a - measured) - Math.abs(b - measured));
  const value = nearest % 60 === 0 ? `${nearest / 60}m` : `${nearest}s`;
  return { value, by: `kube_node_info had ${count} samples in 10 minutes` };
}

/** A regular expression that matches devices which the default does not. */
async function deviceOf(values: Values, metrics: readonly string[], usual: string): Promise<Seen | undefined> {
  if (metrics.length === 0) return undefined;
  const devices = (await values(alternatives(metrics), 'device')).filter((one) => one !== '');
  const whole = new RegExp(`^(?:${usual})$`);
  if (devices.length === 0 || devices.some((device) => whole.test(device))) return undefined;
  const value = sorted(devices.map((device) => `${device.replace(/\d.*$/, '')}.*`)).join('|');
  return { value, by: `counters of the interfaces ${devices.slice(0, 5).join(', ')}` };
}

/**
 * Looks at what a Prometheus has, and says what a configuration for it would be.
 * @param config the default configuration.
 * @param at the moment that is looked at, in Unix seconds.
 * @throws ProblemError if it cannot be reached, or does not answer as a Prometheus does.
 */
export async function detect(queries: Queries, config: Config, at: number): Promise<Detected> {
  const values: Values = async (selector, label) => {
    const answer = await queries.instant(`group by (${label}) (${selector})`, at);
    return sorted(answer.map(({ labels }: Answered) => labels[label] ?? ''));
  };
  const all = signatures(config);
  const there = new Set(await values(alternatives([...all.flatMap(({ metrics }) => metrics), CILIUM]), '__name__'));
  const hasCilium = there.has(HUBBLE) && (await isOfCilium(values, there));
  const source = chosen(all, 'source', there, hasCilium);
  const exporter = chosen(all, 'exporter', there, hasCilium);
  const nodes = await values('kube_node_info', 'node');
  const zones = (await values('kube_node_labels', 'label_topology_kubernetes_io_zone')).filter((zone) => zone !== '');
  const exported = await values('{__name__=~"kube_pod_info|kube_node_info",exported_namespace!=""}', 'job');
  const ofExporters = all
    .filter(({ kind }) => kind === 'exporter')
    .flatMap(({ metrics }) => metrics.filter((one) => there.has(one)));
  const interval = nodes.length === 0 ? undefined : await intervalOf(queries, at);
  const device = await deviceOf(values, ofExporters, config.ethtool.device);
  const cluster = nodes.length === 0 ? {} : await clusterOf(values);
  const cloud = nodes.length === 0 ? {} : await cloudOf(values);
  const warnings = [
    ...(nodes.length === 0
      ? ['no kube_node_info: is kube-state-metrics scraped?']
      : zones.length === 0
        ? [
            'kube_node_labels has no zone: kube-state-metrics must allow the label topology.kubernetes.io/zone, as the generated values do',
          ]
        : []),
    ...(exported.length > 0
      ? [`exported_namespace on series of ${exported.join(', ')}: that job needs honor_labels: true`]
      : []),
    ...(source === undefined ? ['no counters of a flow source: install one first, or see azimuth list --sources'] : []),
  ];
  return {
    ...(source !== undefined && { source }),
    ...(exporter !== undefined && { exporter }),
    ...cluster,
    ...cloud,
    ...(interval !== undefined && { interval }),
    ...(device !== undefined && { device }),
    warnings,
  };
}
