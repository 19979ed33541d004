import { KUBERNETES_NAME, LINE, PORT, SECTION, LABEL } from '../../schema/formats.ts';
import { CHART_VERSION, cpu, memory, requests } from '../../schema/formats-charts.ts';
import { CPU, ENABLED, IMAGE, MEMORY, NAME, namespace } from '../../schema/formats-workload.ts';
import { LABELS } from '../../schema/formats-kubernetes.ts';
import { app, port } from '../../schema/agent.ts';
import { MOST_INT32 } from '../../schema/limits.ts';

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


/** OpenTelemetry eBPF Instrumentation. */
export const OBI = ebpf('OpenTelemetry eBPF Instrumentation', 'opentelemetry-ebpf-instrumentation', '0.12.0');

/** Grafana Beyla. */
export const BEYLA = ebpf('Grafana Beyla', 'beyla', '1.16.11');
