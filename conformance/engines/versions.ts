/** A program that is built from a public Go module. */
export interface Module {
  readonly module: string;
  /** Version of the module. */
  readonly version: string;
  /** The version as the program prints it, where the module is numbered differently. */
  readonly release: string;
  /** Build tags that leave out what the comparison does not need, such as service discovery of clouds. */
  readonly tags: readonly string[];
  /** Programs by name, with their packages in the module. */
  readonly programs: Readonly<Record<string, string>>;
}

/** The programs that the command builds. A new release is one line here. */
export const MODULES: readonly Module[] = [
  {
    module: 'github.com/prometheus/prometheus',
    version: 'v0.316.0',
    release: '3.16.0',
    tags: ['remove_all_sd', 'enable_kubernetes_sd'],
    programs: { prometheus: './cmd/prometheus', promtool: './cmd/promtool' },
  },
  {
    module: 'github.com/thanos-io/thanos',
    version: 'v0.42.4',
    release: '0.42.4',
    tags: ['slicelabels'],
    programs: { thanos: './cmd/thanos' },
  },
  {
    module: 'github.com/VictoriaMetrics/VictoriaMetrics',
    version: 'v1.151.0',
    release: '1.151.0',
    tags: [],
    programs: { 'victoria-metrics': './app/victoria-metrics', vmalert: './app/vmalert' },
  },
];

/** Engines that are not run, with the reason. */
export const NOT_RUN: readonly string[] = [
  'Mimir: its module has no released version, so it cannot be built from the module proxy',
  'Cortex: its rulers need object storage and a ring, which this command does not set up',
  'Amazon Managed Service for Prometheus: a service without a program to run',
];
