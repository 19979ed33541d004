import { build, completeConfig, makeBundle, makeCatalogue, type Build, type Config } from '../../generators/index.ts';
import { once } from '../../generators/build/bundle.ts';
import { draftsOf } from '../../generators/build/drafts.ts';
import { latest } from './latest.ts';

export const catalogue = makeCatalogue();

/** What a configuration generates, without a disk. */
export interface Generated extends Build {
  readonly config: Config;
  /** Text of an artifact. @throws Error when there is none at this path. */
  file(path: string): string;
}

const remember = latest<Generated>(8);

/** What is given, as text; undefined for what JSON cannot hold. */
function keyOf(given: object): string | undefined {
  try {
    return JSON.stringify(given, (_key, value: unknown) => {
      if (value === null || ['object', 'string', 'boolean'].includes(typeof value) || Number.isFinite(value))
        return value;
      throw new TypeError('no JSON');
    });
  } catch {
    return undefined;
  }
}

/**
 * Builds a configuration that is given as a program would give it; what is left out is default. Only what is read is built, and nothing is
 * verified before `artifacts` or `warnings` are read.
 */
export function generate(given: object = {}): Generated {
  const key = keyOf(given);
  return key === undefined ? generateLazily(given) : remember(key, () => generateLazily(given));
}

/** The same, whole and never from memory: for tests of the build itself. */
export function generateAnew(given: object = {}): Generated {
  const config = completeConfig('test', given, catalogue);
  const built = build(config, catalogue, []);
  return { ...built, config, file: (path) => artifactAt(built, path) };
}

function artifactAt({ artifacts }: Build, path: string): string {
  const found = artifacts.find((artifact) => artifact.path === path);
  if (found === undefined) throw new Error(`no artifact ${path}: ${artifacts.map((a) => a.path).join(', ')}`);
  return found.text;
}

/** Most tests read one file or a part of the bundle, and all of a build takes ten times as long. */
function generateLazily(given: object): Generated {
  const config = completeConfig('test', given, catalogue);
  const bundle = makeBundle(config);
  const whole = once((): Build => build(config, catalogue, []));
  const drafts = once(() => new Map(draftsOf(config, bundle).map((draft) => [draft.path, draft])));
  const texts = new Map<string, string>();
  return {
    config,
    bundle,
    get artifacts() {
      return whole().artifacts;
    },
    get warnings() {
      return whole().warnings;
    },
    file(path) {
      const text = texts.get(path) ?? drafts().get(path)?.render(1) ?? artifactAt(whole(), path);
      texts.set(path, text);
      return text;
    },
  };
}

/** Paths of the rule files. */
export const RULES = {
  zoneTraffic: 'rules/prometheus/zone-traffic.rules.yaml',
  zoneCost: 'rules/prometheus/zone-cost.rules.yaml',
  compatibility: 'rules/prometheus/inter-az-traffic-analysis.rules.yaml',
  allowances: 'rules/prometheus/ena-allowances.rules.yaml',
  dns: 'rules/prometheus/dns.rules.yaml',
  cilium: 'rules/prometheus/cilium.rules.yaml',
  controlPlane: 'rules/prometheus/control-plane.rules.yaml',
  routing: 'rules/prometheus/zone-routing.rules.yaml',
} as const;
