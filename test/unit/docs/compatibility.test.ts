import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { chartCases } from '../../../conformance/charts/cases-tools.ts';
import { installOf } from '../../../conformance/charts/command.ts';
import { repositoryCases } from '../../../conformance/shared/cases.ts';
import { completeConfig, makeBundle } from '../../../generators/index.ts';
import { namedSchema, schemaAt } from '../../../generators/config/schema.ts';
import { catalogue, generate } from '../../support/generate.ts';
import { section } from '../../support/markdown.ts';
import { complaints } from '../../support/problems.ts';

const guide = readFileSync('docs/compatibility.md', 'utf8');
const built = generate();
const { config } = built;

/** The first cells of the table right below a heading. */
const versionsBelow = (title: string): readonly string[] => {
  const [text = ''] = section(guide, title).split(/^#/m);
  return Array.from(text.matchAll(/^\| ([^|]+?) *\|/gm), ([, cell = '']) => cell).filter(
    (cell) => !/^(version|-+)$/.test(cell),
  );
};

/** What stands before a mark such as "(default)", in every section that has it. */
const marked = (mark: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...guide.matchAll(/^##+ (.+)$/gm)].flatMap(([, title = '']): [string, string][] =>
      versionsBelow(title)
        .filter((cell) => cell.endsWith(` (${mark})`))
        .map((cell) => [title, cell.slice(0, -mark.length - 3)]),
    ),
  );

const schema = namedSchema(catalogue);

/** The oldest version that a setting takes, from the message about an older one. */
function oldest(name: string, given: Readonly<Record<string, object>>, older = '0.0.1'): string {
  const lines = complaints({ ...given, [name]: { ...given[name], version: older } }).join('\n');
  return /\.version: got .* expected (v?[\d.]+\d) or newer/.exec(lines)?.[1] ?? lines;
}

/** The section of a chart; kube-state-metrics has another of its own. */
const titleOf = (chart: string): string => (chart === 'kube-state-metrics' ? 'kube-state-metrics (chart)' : chart);

describe('docs/compatibility.md', () => {
  test('names the defaults of the settings', () => {
    const [, stack] = /--version ([\d.]+\d)/.exec(built.file('helm-values/kube-prometheus-stack.yaml')) ?? [];
    const [, collector] = /:(v[\d.]+)$/.exec(config.adot.image) ?? [];
    expect(marked('default')).toEqual({
      Grafana: String(config.grafana.version),
      Kubernetes: config.kubernetes.version,
      'kube-prometheus-stack': stack,
      'retina-hubble': config.retina.version,
      retina: config.retina.version,
      cilium: config.cilium.version,
      'kube-state-metrics (chart)': config.kubeStateMetrics.version,
      'prometheus-node-exporter': config.nodeExporter.version,
      'opentelemetry-ebpf-instrumentation': config.obi.version,
      beyla: config.beyla.version,
      descheduler: config.descheduler.version,
      'OpenTelemetry operator and ADOT': `ADOT ${collector}`,
    });
  });

  test('names the oldest versions that are accepted', () => {
    const accepted = {
      cilium: oldest('cilium', { flows: { source: 'cilium-hubble' }, cilium: { values: 'full' } }),
      kubeStateMetrics: oldest('kubeStateMetrics', { kubeStateMetrics: { standalone: true } }),
      nodeExporter: oldest('nodeExporter', { ethtool: { exporter: 'node-exporter' } }),
      descheduler: oldest('descheduler', { descheduler: { enabled: true } }),
    };
    expect(marked('minimum')).toEqual({
      Grafana: String(schemaAt(schema, ['grafana', 'version'])['minimum']),
      retina: oldest('retina', { flows: { source: 'retina-standard' } }, 'v0.9.9'),
      cilium: accepted.cilium,
      'kube-state-metrics (chart)': accepted.kubeStateMetrics,
      'prometheus-node-exporter': accepted.nodeExporter,
      descheduler: accepted.descheduler,
    });
    for (const [name, version] of Object.entries(accepted)) {
      expect(schemaAt(schema, [name, 'version'])['description']).toContain(`${version} or newer`);
    }
  });

  test('has a row for every chart and version that the conformance command renders', () => {
    const rendered = [...repositoryCases(), ...chartCases].flatMap(({ name, given }) => {
      const completed = completeConfig(name, given, catalogue);
      return makeBundle(completed).helmValues.flatMap(({ header, addOn }) =>
        addOn === undefined ? [installOf(header, completed.cilium.version)] : [],
      );
    });
    const missing = rendered.filter(
      ({ chart, version }) =>
        !versionsBelow(titleOf(chart)).some((cell) => cell.replace(/ \(.*/, '').split(', ').includes(version)),
    );
    expect(new Set(missing.map(({ chart, version }) => `${chart} ${version}`))).toEqual(new Set());
    expect(new Set(rendered.map(({ chart }) => chart)).size).toBeGreaterThan(7);
  }, 120_000);

  test('names the components that the preview draws with', () => {
    const { dependencies } = JSON.parse(readFileSync('preview/package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(guide).toContain(`published components ${dependencies['@grafana/ui']}`);
  });
});
