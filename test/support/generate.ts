import {
  build,
  completeConfig,
  makeBundle,
  makeCatalogue,
  OUTPUTS,
  type Build,
  type Config,
} from '../../generators/index.ts';

export const catalogue = makeCatalogue();

/** What a configuration generates, without a disk. */
export interface Generated extends Build {
  readonly config: Config;
  /** Text of an artifact. @throws Error when there is none at this path. */
  file(path: string): string;
}

/** The latest results by what was given: many cases of a table share a configuration. Few, as each holds every artifact. */
const latest = new Map<string, Generated>();
const KEPT = 8;

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

/** Builds a configuration that is given as a program would give it, as far as a test reads it; what is left out is default. */
export function generate(given: object = {}): Generated {
  const key = keyOf(given);
  if (key === undefined) return generateLazily(given);
  const known = latest.get(key) ?? generateLazily(given);
  latest.delete(key);
  latest.set(key, known);
  const [oldest = ''] = latest.keys();
  if (latest.size > KEPT) latest.delete(oldest);
  return known;
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

/** Builds only the rules until something else is read: most tests read nothing else, and dashboards and Helm values take longer. */
function generateLazily(given: object): Generated {
  const config = completeConfig('test', given, catalogue);
  let built: Build | undefined;
  const whole = (): Build => (built ??= build(config, catalogue, []));
  const texts = new Map<string, string>();
  const rules = OUTPUTS.filter(({ id }) => id === 'prometheus' && config.targets.includes(id));
  const draft = (path: string) =>
    rules.flatMap((output) => output.bind(config).emit(makeBundle(config))).find((one) => one.path === path);
  return {
    config,
    get bundle() {
      return whole().bundle;
    },
    get artifacts() {
      return whole().artifacts;
    },
    get warnings() {
      return whole().warnings;
    },
    file(path) {
      const text = texts.get(path) ?? draft(path)?.render(1) ?? artifactAt(whole(), path);
      texts.set(path, text);
      return text;
    },
  };
}

/** Paths of the rule files. */
export const RULES = {
  zoneTraffic: 'rules/prometheus/zone-traffic.rules.yaml',
  compatibility: 'rules/prometheus/inter-az-traffic-analysis.rules.yaml',
  allowances: 'rules/prometheus/ena-allowances.rules.yaml',
} as const;
