import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { chartCases } from '../../../conformance/charts/cases-tools.ts';
import { installOf } from '../../../conformance/charts/command.ts';
import { repositoryCases } from '../../../conformance/shared/cases.ts';
import { completeConfig, makeBundle } from '../../../generators/index.ts';
import { namedSchema, schemaAt } from '../../../generators/config/schema.ts';
import { catalogue, generate } from '../../support/generate.ts';

const guide = readFileSync('docs/compatibility.md', 'utf8');
const built = generate();
const { config } = built;

/** The first cells of the table below a heading of any level. */
function versionsBelow(title: string): readonly string[] {
  const [, text] =
    new RegExp(`^##+ ${title.replaceAll(/[()]/g, String.raw`\$&`)}\n([\\s\\S]*?)(?=^#|(?![\\s\\S]))`, 'm').exec(
      guide,
    ) ?? [];
  if (text === undefined) throw new TypeError(`no section ${title}`);
  return Array.from(text.matchAll(/^\| ([^|]+?) *\|/gm), ([, cell = '']) => cell).filter(
    (cell) => !/^(version|-+)$/.test(cell),
  );
}

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

/** The oldest version in the description of a setting, as its check wants it. */
function oldest(section: string): string {
  const { description } = schemaAt(schema, [section, 'version']) as { readonly description: string };
  return /([\d.]+\d) or newer/.exec(description)?.[1] ?? description;
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
    expect(marked('minimum')).toEqual({
      Grafana: String(schemaAt(schema, ['grafana', 'version'])['minimum']),
      retina: 'v1.0.0',
      cilium: oldest('cilium'),
      'kube-state-metrics (chart)': oldest('kubeStateMetrics'),
      'prometheus-node-exporter': oldest('nodeExporter'),
      descheduler: oldest('descheduler'),
    });
    const standard = (version: string) => () =>
      completeConfig('test', { flows: { source: 'retina-standard' }, retina: { version } }, catalogue);
    expect(standard('v1.0.0')).not.toThrow();
    expect(standard('v0.9.9')).toThrow('v1.0.0 or newer');
  });

  test('has a row for every chart and version that the conformance command renders', () => {
    const rendered = [...repositoryCases(), ...chartCases].flatMap(({ name, given }) => {
      const completed = completeConfig(name, given, catalogue);
      return makeBundle(completed).helmValues.map(({ header }) => installOf(header, completed.cilium.version));
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
