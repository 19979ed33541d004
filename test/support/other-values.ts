import { once, outputsOf } from '../../generators/build/bundle.ts';
import { recorder, type Read } from '../../generators/build/recorder.ts';
import { filesOf, type Files } from '../../generators/build/unused.ts';
import { namedSchema, schemaAt, settingsOf, type Json, type Path } from '../../generators/config/schema.ts';
import { makeBundle, type Bundle, type Config } from '../../generators/index.ts';
import { valueAt, withValue as copyWith } from '../../generators/settings/section.ts';
import { catalogue } from './generate.ts';
import { latest } from './latest.ts';

const SCHEMA = namedSchema(catalogue);

/** Every setting of the schema. */
export const SETTINGS = settingsOf(SCHEMA);

/** A text, or the message of the error on the way to it: also an effect. */
function textOf(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return String(error);
  }
}

/** What a configuration makes: each part when it is first asked for, once. */
interface Made {
  readonly bundle: Bundle;
  /** The files of each output in `targets`, by its id. */
  readonly outputs: ReadonlyMap<string, () => Files>;
  /** The part of them that is built quickly: values and manifests. */
  readonly values: () => unknown;
  /** The settings that all files together read. */
  readonly read: () => Read;
}

/** Configurations that are remembered: what is compared with the next ones is asked for again and again. */
const remember = latest<Made>(8);

const everyFile = ({ outputs }: Made): Files => [...outputs.values()].flatMap((files) => files());

/** What a configuration makes, also an equal one: made once, and as a build makes it, through a recorder. */
export const madeOf = (given: Config): Made =>
  remember(JSON.stringify(given), () => {
    const { config, stop } = recorder(given);
    const bundle = makeBundle(config);
    const is = (target: Config['targets'][number]) => given.targets.includes(target);
    const made: Made = {
      bundle,
      outputs: new Map(outputsOf(config).map((output) => [output.id, once(() => filesOf(config, bundle, [output]))])),
      values: () => [
        is('helm-values') ? bundle.helmValues : [],
        is('kube-prometheus-stack') ? bundle.valuesWithRules : [],
        is('manifests') ? bundle.manifests : [],
      ],
      read: once(() => {
        for (const file of everyFile(made)) file();
        return stop();
      }),
    };
    return made;
  });

/** All files of a configuration, but for the schema and the lock. */
export const madeFiles = (config: Config): Files => everyFile(madeOf(config));

/** A place of a configuration's files: the values, or a file of an output. */
interface Place {
  readonly output?: string;
  readonly file?: number;
}

/** The files at a place as texts, or the message of an error on the way to them. */
const filesAt = (config: Config, { output, file }: Place): readonly (() => string)[] => {
  if (output === undefined) return [() => textOf(() => JSON.stringify(madeOf(config).values()))];
  try {
    const files = madeOf(config).outputs.get(output)?.() ?? [];
    return (file === undefined ? files : files.slice(file, file + 1)).map((text) => () => textOf(text));
  } catch (error) {
    return [() => String(error)];
  }
};

/** The first place at which two configurations differ. Looks at one output after the other, as what is not asked for is not built. */
function difference(one: Config, other: Config): Place | undefined {
  const outputs = new Set([one, other].flatMap((config) => outputsOf(config).map(({ id }) => id)));
  for (const place of [{}, ...[...outputs].map((output) => ({ output }))]) {
    const [files, others] = [filesAt(one, place), filesAt(other, place)];
    if (files.length !== others.length) return place;
    const file = files.findIndex((text, index) => text() !== others[index]?.());
    if (file !== -1) return { ...place, file };
  }
  return undefined;
}

const differAt = (one: Config, other: Config, place: Place): boolean => {
  const [files, others] = [filesAt(one, place), filesAt(other, place)];
  return files.length !== others.length || files.some((text, index) => text() !== others[index]?.());
};

/** Where what a setting changes was found last: in other configurations it mostly is there as well, so that is built first. */
const found = new Map<string, Place>();

/** Whether any of these writes something else than the first, which they differ from in a setting. Comments in what is written count. */
export function differ(path: Path, one: Config, ...others: readonly Config[]): boolean {
  const name = path.join('.');
  const last = found.get(name);
  if (last !== undefined && others.some((other) => differAt(one, other, last))) return true;
  for (const other of others) {
    const place = difference(one, other);
    if (place === undefined) continue;
    found.set(name, place);
    return true;
  }
  return false;
}

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
  'routing.patchesUrl': ['https://example.com/other'],
  'rules.runbookBaseUrl': ['https://example.com/other'],
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
