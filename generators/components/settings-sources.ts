import { CHART_VERSION, KUBERNETES_NAME, PORT } from '../schema/formats.ts';
import { namespace, SECTION } from '../schema/settings.ts';
import { CILIUM } from './cilium/settings.ts';

const app = (name: string, what: string) =>
  ({ ...KUBERNETES_NAME, default: name, description: `Value of the label ${what} on its pods.` }) as const;

const port = (number: number, what: string) => ({ ...PORT, default: number, description: `Port of ${what}.` }) as const;

const NAMESPACES = {
  type: 'array',
  items: KUBERNETES_NAME,
  default: [],
  uniqueItems: true,
} as const;

/** Which namespaces Retina measures in standard mode. */
export const RETINA_NAMESPACES = {
  ...SECTION,
  description:
    'Namespaces whose pods Retina measures in standard mode; by default all of them. Give one of the two lists.',
  properties: {
    include: { ...NAMESPACES, description: 'Only these.' },
    exclude: { ...NAMESPACES, description: 'All but these.' },
  },
} as const;

/** The two builds of one program, each with a chart of its own. */
const ebpf = <const Chart extends string, const Version extends string>(name: string, chart: Chart, version: Version) =>
  ({
    ...SECTION,
    description: `The installation of ${name}.`,
    properties: {
      version: { ...CHART_VERSION, default: version, description: `Version of the chart ${chart}.` },
      namespace: namespace('monitoring', 'the agents'),
      app: app(chart, 'app.kubernetes.io/name'),
      port: port(9090, 'its metrics, on the network of the host'),
    },
  }) as const;

/** Settings of the flow sources other than Retina: where they run and where they are scraped. */
export const SOURCE_SETTINGS = {
  cilium: CILIUM,
  obi: ebpf('OpenTelemetry eBPF Instrumentation', 'opentelemetry-ebpf-instrumentation', '0.12.0'),
  beyla: ebpf('Grafana Beyla', 'beyla', '1.16.11'),
  netobserv: {
    ...SECTION,
    description: 'The Network Observability operator.',
    properties: {
      namespace: namespace('netobserv', 'the pipeline, spec.namespace of the FlowCollector'),
      app: app('flowlogs-pipeline', 'app'),
      port: port(9401, "the pipeline's metrics"),
      sampling: {
        type: 'integer',
        minimum: 1,
        default: 1,
        description: 'One packet of so many is looked at; 1 looks at all, which no one needs to rescale.',
      },
    },
  },
  kubezonnet: {
    ...SECTION,
    description: 'The kubezonnet installation.',
    properties: {
      namespace: namespace('kubezonnet', 'the server'),
      app: app('kubezonnet', 'app.kubernetes.io/name'),
      port: port(8080, "the server's metrics"),
    },
  },
} as const;
