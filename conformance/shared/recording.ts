import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { dump } from 'js-yaml';
import { FLOW_SOURCES, parseYaml, type Problem, ProblemError } from '../../generators/index.ts';

/** Bytes and packets that an interface sent or received. */
export interface Volume {
  readonly bytes: number;
  readonly packets: number;
}

/** What an interface sent and received while the agents watched, as its own counters say. Includes ARP. */
export interface Interface {
  readonly tx: Volume;
  readonly rx: Volume;
}

/** A node. Addresses are its InternalIPs. */
export interface RecordedNode {
  readonly zone: string;
  readonly addresses: readonly string[];
}

/** A pod. The workload is `<kind>/<name>`, such as `Deployment/web`. */
export interface RecordedPod {
  readonly node: string;
  readonly addresses: readonly string[];
  readonly workload: string;
  readonly hostNetwork?: boolean;
}

/** One connection, or several of the same kind. Ends are pods (`namespace/name`), nodes (their name) or `outside`. */
export interface RecordedTraffic {
  readonly client: string;
  readonly server: string;
  /** The Service that the client called, `namespace/name`; none where it called the server itself. */
  readonly via?: string;
  /** TCP by default. */
  readonly protocol?: 'TCP' | 'UDP';
}

/** A counter, and by how much it rose. */
export interface RecordedSeries {
  /** The node of the agent; `-` for an exporter that serves the whole cluster. */
  readonly node: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly change: number;
}

/** How each key of the header is written; they are all there is to know about a recording besides its series. */
interface Header {
  /** What ran, in a few words, such as `pods across nodes, by Service`. */
  readonly title: string;
  /** The flow source that the agent is, such as `retina-hubble`. */
  readonly source: string;
  /** Release or commit of the agent, and what of it ran. */
  readonly version: string;
  /** `measured`: real packets, and counters of interfaces as the truth. `library`: made events through the agent's own code, one for each packet. */
  readonly evidence: 'measured' | 'library';
  /** `2026-11-29`. */
  readonly date: string;
  /** The command, or where there is none the sentence, by which somebody else gets such a recording. */
  readonly repeat: string;
  /** How pods are attached to their node. */
  readonly topology: 'routed' | 'bridge';
  /** Offloads of the interfaces: `gro` is only that packets are merged where they are received. */
  readonly offloads: 'off' | 'on' | 'gro';
  /** Retina's dataAggregationLevel, Cilium's monitorAggregation. */
  readonly aggregation?: string;
  /** Whether nodes give traffic from pods to the outside their own address. */
  readonly masquerade: boolean;
  /** Whether the bytes of the agent include the Ethernet header, as those of interfaces do, or begin at the IP header. */
  readonly bytes: 'ethernet' | 'ip';
  /** Settings of Azimuth with which to read it, besides the source. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly notes?: readonly string[];
  /** By name. */
  readonly nodes: Readonly<Record<string, RecordedNode>>;
  /** By `namespace/name`. */
  readonly pods: Readonly<Record<string, RecordedPod>>;
  /** Cluster IPs by `namespace/name`. */
  readonly services: Readonly<Record<string, string>>;
  /** Everything that pods did in that time. */
  readonly traffic: readonly RecordedTraffic[];
  /** By pod or node. For events of a library: the packets that were made. */
  readonly truth: Readonly<Record<string, Interface>>;
}

/** One round of known traffic, and by how much each counter of the agents rose. */
export interface Recording extends Header {
  readonly series: readonly RecordedSeries[];
}

/** The end of what has no name and no address in the cluster. */
export const OUTSIDE = 'outside';

const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text };
const NAMESPACED = '^[^/]+/[^/]+$';
const named = (values: object, pattern = '.') => ({
  type: 'object',
  propertyNames: { pattern },
  additionalProperties: values,
});
const mapping = (properties: object, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const volume = mapping({ bytes: { type: 'number' }, packets: { type: 'integer' } });

const validate = new Ajv2020({ allErrors: true }).compile(
  mapping(
    {
      title: text,
      source: { enum: FLOW_SOURCES },
      version: text,
      evidence: { enum: ['measured', 'library'] },
      date: { type: 'string', pattern: String.raw`^\d{4}-\d\d-\d\d$` },
      repeat: text,
      topology: { enum: ['routed', 'bridge'] },
      offloads: { enum: ['off', 'on', 'gro'] },
      aggregation: text,
      masquerade: { type: 'boolean' },
      bytes: { enum: ['ethernet', 'ip'] },
      config: { type: 'object' },
      notes: texts,
      nodes: named(mapping({ zone: { type: 'string' }, addresses: texts })),
      pods: named(
        mapping(
          {
            node: text,
            addresses: texts,
            workload: { type: 'string', pattern: NAMESPACED },
            hostNetwork: { type: 'boolean' },
          },
          ['hostNetwork'],
        ),
        NAMESPACED,
      ),
      services: named(text, NAMESPACED),
      traffic: {
        type: 'array',
        items: mapping({ client: text, server: text, via: text, protocol: { enum: ['TCP', 'UDP'] } }, [
          'via',
          'protocol',
        ]),
      },
      truth: named(mapping({ tx: volume, rx: volume })),
    },
    ['aggregation', 'config', 'notes'],
  ),
);

const problemOf = ({ instancePath, message = '', params }: ErrorObject): Problem => ({
  path: instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/'),
  message: [message, ...Object.values(params as object)].join(': '),
});

const problem = (path: string, got: string, expected: string): Problem => ({
  path,
  message: `got ${JSON.stringify(got)}, expected ${expected}`,
});

/** Names in a header that nothing in it has. */
function unknownNames({ nodes, pods, services, traffic, truth }: Header): readonly Problem[] {
  const isEnd = (name: string) => name in pods || name in nodes;
  return [
    ...Object.entries(pods).flatMap(([pod, { node }]) =>
      node in nodes ? [] : [problem(`pods.${pod}.node`, node, 'a node of the header')],
    ),
    ...traffic.flatMap(({ client, server, via }, index) => [
      ...[client, server]
        .filter((end) => end !== OUTSIDE && !isEnd(end))
        .map((end) => problem(`traffic.${index}`, end, 'a pod or node of the header, or outside')),
      ...(via === undefined || via in services
        ? []
        : [problem(`traffic.${index}.via`, via, 'a Service of the header')]),
    ]),
    ...Object.keys(truth).flatMap((name) =>
      isEnd(name) ? [] : [problem('truth', name, 'a pod or node of the header')],
    ),
    ...Object.keys(pods).flatMap((name) =>
      name in truth ? [] : [{ path: 'truth', message: `has nothing about the pod ${name}` }],
    ),
  ];
}

const SERIES = /^(\S+) ([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:, ?|$)/y;

/** Labels as the text format of Prometheus writes them, without the braces. Undefined if the text is not that. */
export function parseLabels(list: string): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < list.length) {
    const [, name = '', value = ''] = LABEL.exec(list) ?? [];
    if (name === '') return undefined;
    labels[name] = value.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
  }
  return labels;
}

function seriesOf(line: string): RecordedSeries | undefined {
  const [, node = '', metric = '', list = '', value = ''] = SERIES.exec(line) ?? [];
  const labels = parseLabels(list);
  const change = Number(value);
  return node === '' || labels === undefined || !Number.isFinite(change) ? undefined : { node, metric, labels, change };
}

/**
 * Reads a recording: a header in YAML, a line `---`, then `NODE metric{labels} change` a line.
 * @param file its name, for messages.
 * @throws ProblemError with all problems at once.
 */
export function parseRecording(file: string, content: string): Recording {
  const [head = '', body = '', ...more] = content.split(/^---\n/m);
  if (body === '' || more.length > 0)
    throw new ProblemError(file, [{ path: '', message: 'expected a header, one line "---", then series' }]);
  const header = parseYaml(file, head) as Header;
  if (!validate(header)) throw new ProblemError(file, (validate.errors ?? []).map(problemOf));
  const before = head.split('\n').length;
  const lines = body.split('\n').flatMap((line, index) => (line === '' ? [] : [{ line, at: before + index + 1 }]));
  const read = lines.map(({ line, at }) => ({ at, line, series: seriesOf(line) }));
  const problems = [
    ...unknownNames(header),
    ...read.flatMap(({ at, line, series }) =>
      series === undefined || !(series.node === '-' || series.node in header.nodes)
        ? [problem(`line ${at}`, line.slice(0, 60), 'NODE metric{labels} change')]
        : [],
    ),
  ];
  if (problems.length > 0) throw new ProblemError(file, problems);
  return { ...header, series: read.flatMap(({ series }) => series ?? []) };
}

const escaped = (value: string): string =>
  value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);

/** Writes a recording; `parseRecording` reads it back. Labels stay in their order, and so do series. */
export function recordingText({ series, ...header }: Recording): string {
  const lines = series.map(({ node, metric, labels, change }) => {
    const list = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
    return `${node} ${metric}${list.length === 0 ? '' : `{${list.join(',')}}`} ${change}\n`;
  });
  // Two levels in blocks: one line for each node, pod and interface.
  return `${dump(header, { flowLevel: 2, lineWidth: -1, noRefs: true })}---\n${lines.join('')}`;
}
