import { CHART_VERSION } from '../../schema/formats.ts';
import { app, flag, namespace, port, section, value } from '../../schema/settings.ts';
import { CLUSTER, SCRAPE } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { FLOWS } from '../../traffic/settings.ts';

/** Settings of two builds of one program, each with its own chart. */
const ebpf = (name: string, chart: string, version: string) =>
  section(`The installation of ${name}.`, {
    version: value(CHART_VERSION, version, `Version of the chart ${chart}.`),
    namespace: namespace('monitoring', 'the agents'),
    app: app(
      chart,
      'app.kubernetes.io/name',
      ' Another one than the default names the DaemonSet as well. Uninstall a running release before you change it: selectors are immutable.',
    ),
    port: port(9090, 'its metrics, on the host network'),
    addresses: flag(
      false,
      'Export the addresses of both ends, and recognise reports of one packet by them instead of by names: exact even while an agent lacks ' +
        'names. Costs a series for each pair with an address outside the cluster, which can be far more than those of pods.',
    ),
  });

export const OBI = ebpf('OpenTelemetry eBPF Instrumentation', 'opentelemetry-ebpf-instrumentation', '0.12.0');
export const BEYLA = ebpf('Grafana Beyla', 'beyla', '1.16.11');

/** Sections of others that both read, and their type. */
export const READS = { cluster: CLUSTER, scrape: SCRAPE, flows: FLOWS };
export type EbpfConfig = Slice<typeof READS>;

/** The section of either, as both have the same type. */
export type EbpfSettings = Slice<{ agent: typeof OBI }>['agent'];
