import { performance } from 'node:perf_hooks';
import {
  build,
  buildFleet,
  completeConfig,
  completeFleet,
  type ConfigInput,
  isFleet,
  makeCatalogue,
} from '../../generators/index.ts';

/** Twenty settings that all have an effect. */
const USED = {
  cluster: { label: 'k8s_cluster' },
  grafana: { url: 'https://grafana.example.com' },
  flows: { source: 'retina-hubble', granularity: 'pod', units: ['flows'] },
  zones: { from: ['node-label'], nodeLabel: 'example.com/zone' },
  rules: { window: '10m', interval: '2m', infoLookback: '30m', compatibilityRecords: true },
  scrape: { interval: '15s' },
  retina: { namespace: 'retina', hubblePort: 9966, eventQueueSize: 32_768 },
  ethtool: { exporter: 'node-exporter' },
  nodeExporter: { namespace: 'monitoring', port: 9200 },
  monitors: { enabled: true },
  alerts: { TrafficLost: { threshold: 0.02 } },
} satisfies ConfigInput;

/** The same and ten settings whose component is off: each is a suspect that is set back to its default and rebuilt. */
const UNUSED = {
  ...USED,
  obi: { namespace: 'obi', app: 'flows', port: 9091 },
  netobserv: { namespace: 'netobserv' },
  descheduler: { namespace: 'descheduler', interval: '10m' },
  adot: { cpu: '300m', memory: '300Mi' },
  nodeLocalDns: { namespace: 'dns', app: 'cache' },
} satisfies ConfigInput;

const RUNS = 21;

/** The middle of an odd number of values. */
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const catalogue = makeCatalogue();
const inputs: readonly (readonly [string, ConfigInput])[] = [
  ['20 settings, all used', USED],
  ['the same and 10 that have no effect', UNUSED],
];
const times = inputs.map((): number[] => []);
// Runs alternate, so that a busy machine slows both; the first round compiles and is not counted.
for (let run = 0; run <= RUNS; run += 1) {
  for (const [index, [, input]] of inputs.entries()) {
    const config = completeConfig('bench', input, catalogue);
    const start = performance.now();
    build(config, catalogue, []);
    if (run > 0) times[index]?.push(performance.now() - start);
  }
}
const [used = Number.NaN, unused = Number.NaN] = times.map(median);
const rows = inputs.map(([name], index) => `| ${name} | ${median(times[index] ?? []).toFixed(0)} ms |`);
const unusedWarnings = build(completeConfig('bench', UNUSED, catalogue), catalogue, []).warnings.length;
process.stdout.write(
  `${['| configuration | build |', '| --- | --- |', ...rows].join('\n')}\n` +
    `Finding the ${unusedWarnings} warnings takes ${(unused - used).toFixed(0)} ms, ${(unused / used).toFixed(2)} x the build.\n`,
);

/** Clusters that differ in name and in one threshold of 50, with rules of their own or shared ones. */
const fleetOf = (clusters: number, shared: readonly string[]): object => ({
  targets: ['prometheus', 'helm-values', 'manifests', 'grafana', 'prometheus-operator'],
  fleet: { shared: ['grafana', ...shared] },
  clusters: Object.fromEntries(
    Array.from({ length: clusters }, (_, index) => [
      `c${index}`,
      { alerts: { PPSAllowanceExceeded: { threshold: (index % 50) + 1 } } },
    ]),
  ),
});

const CLUSTERS = 1000;
const fleets = [
  ['rules of their own', []],
  ['shared rules', ['prometheus', 'prometheus-operator']],
] as const;
process.stdout.write(`\n| ${CLUSTERS} clusters with | read, checked and built | files |\n| --- | --- | --- |\n`);
for (const [name, shared] of fleets) {
  const start = performance.now();
  const fleet = completeFleet('bench', fleetOf(CLUSTERS, shared), catalogue);
  const files = isFleet(fleet) ? buildFleet(fleet, catalogue, []).artifacts.length : 0;
  process.stdout.write(`| ${name} | ${((performance.now() - start) / 1000).toFixed(1)} s | ${files} |\n`);
}
