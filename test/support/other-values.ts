import { draftsOf } from '../../generators/build/drafts.ts';
import { namedSchema, schemaAt, settingsOf, type Json, type Path } from '../../generators/config/schema.ts';
import { makeBundle, type Config } from '../../generators/index.ts';
import { valueAt, withValue as copyWith } from '../../generators/settings/section.ts';
import { catalogue } from './generate.ts';
import { latest } from './latest.ts';

const SCHEMA = namedSchema(catalogue);

/** Every setting of the schema. */
export const SETTINGS = settingsOf(SCHEMA);

/** The text of a value, or the message of the error on the way to it: also an effect. */
function textOf(make: () => unknown): string {
  try {
    return JSON.stringify(make());
  } catch (error) {
    return String(error);
  }
}

/** Configurations whose files are remembered: what is compared with the next ones is asked for again and again. */
const REMEMBERED = 20;

/** Makes a value of a configuration once, also for an equal one. */
function cached<T>(make: (config: Config) => T): (config: Config) => T {
  const remember = latest<T>(REMEMBERED);
  return (config) => remember(JSON.stringify(config), () => make(config));
}

/** Everything that a configuration writes, but for the schema and the lock: file by file, each when it is first asked for. */
const everything = cached((config): readonly (() => string)[] => {
  try {
    return draftsOf(config, makeBundle(config)).map(({ path, sizes, render }) => {
      let text: string | undefined;
      return () => (text ??= textOf(() => [path, sizes, render(1)]));
    });
  } catch (error) {
    return [() => String(error)];
  }
});

/** The part of it that is built quickly: values and manifests. */
const quickly = cached((config) =>
  textOf(() => {
    const bundle = makeBundle(config);
    const is = (target: Config['targets'][number]) => config.targets.includes(target);
    return [
      is('helm-values') ? bundle.helmValues : [],
      is('kube-prometheus-stack') ? bundle.valuesWithRules : [],
      is('manifests') ? bundle.manifests : [],
    ];
  }),
);

/** Whether any of these writes something else than the first. Comments in what is written count. */
export const differ = (one: Config, ...others: readonly Config[]): boolean =>
  others.some((other) => quickly(one) !== quickly(other)) ||
  others.some((other) => {
    const [files, otherFiles] = [everything(one), everything(other)];
    return files.length !== otherFiles.length || files.some((text, index) => text() !== otherFiles[index]?.());
  });

/** A copy with another value at a path. */
export const withValue = (config: Config, path: Path, value: unknown): Config =>
  copyWith(config, path, value) as Config;

/** Values of settings whose form the schema describes by a pattern, or by parts. */
const SPECIAL: Readonly<Record<string, readonly unknown[]>> = {
  'amp.alertmanager.pagerduty.secretArn': ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:others'],
  'amp.alertmanager.sns.topicArn': ['arn:aws:sns:eu-west-1:123456789012:others'],
  'cilium.version': ['1.16.7', '1.18.4'],
  'retina.version': ['v1.1.3', 'v0.0.34'],
  'descheduler.version': ['0.33.0'],
  'kubernetes.version': ['1.35', '1.31'],
  'kubeStateMetrics.interval': ['45s'],
  'routing.services': [[{ namespace: 'other', name: 'service' }]],
  'routing.workloads': [[{ namespace: 'other', kind: 'Deployment', name: 'workload', labels: { app: 'other' } }]],
  'kubeBurner.scenarios': [[{ name: 'other', iterations: 2, qps: 3, burst: 4 }]],
  'kubeBurner.image': ['other:1'],
  'kubeBurner.podReady': ['5s'],
  'kubeBurner.prometheus': ['http://other:9090'],
  'networkBenchmark.cpu': ['3'],
  'networkBenchmark.image': ['other:1'],
  'networkBenchmark.memory': ['1Gi'],
  'workloads.rules': [[{ kind: 'Workflow', name: '(.+)-run', workload: '$1', type: 'Other' }]],
  'cluster.cidrs': [['10.0.0.0/8'], ['fd00::/8']],
  'nodes.addresses': [[{ zone: 'other', cidrs: ['10.0.0.0/24'] }], [{ node: 'other', cidrs: ['10.0.0.0/24'] }]],
  'zones.subnets': [[{ zone: 'other', cidrs: ['10.0.0.0/24'] }]],
  'flows.external': [[{ name: 'other', kind: 'database', cidrs: ['10.0.0.7/32'] }]],
  'ethtool.exporter': ['node-exporter', 'none', ['network-flow-monitor', 'showmax']],
  'flows.source': ['obi', 'none'],
  'flows.select': ['server-side', 'ingress', 'none="of them"'],
};

const isDuration = (value: unknown): boolean => typeof value === 'string' && /^[0-9]+[smhd]$/.test(value);

const sameText = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Values of the form that a schema describes. */
function valuesOf(schema: Json, given: unknown): readonly unknown[] {
  const { enum: known, type, minimum = 0, maximum = 1_000_000, items } = schema;
  if (Array.isArray(known)) return known;
  switch ([type].flat()[0]) {
    case 'boolean':
      return [true, false];
    case 'integer':
    case 'number':
      return [maximum, minimum];
    case 'array': {
      const { enum: list } = (items ?? {}) as Json;
      return Array.isArray(list) ? [list.slice(-1), list.slice(0, 1), list] : [['other'], ['another']];
    }
    case 'object':
      return [{ other: 'other' }];
    default:
      return isDuration(given) || isDuration(schema['default']) ? ['47s', '3h'] : ['other', 'another'];
  }
}

/** Other values for a setting, of its form, though not all of them such that the checks would take them. */
export function otherValues(config: Config, path: Path): readonly unknown[] {
  const given = valueAt(config, path);
  const values = SPECIAL[path.join('.')] ?? valuesOf(schemaAt(SCHEMA, path), given);
  return values.filter((value) => !sameText(value, given));
}
