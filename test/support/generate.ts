import { build, completeConfig, makeCatalogue, type Build, type Config } from '../../generators/index.ts';

export const catalogue = makeCatalogue();

/** What a configuration generates, without a disk. */
export interface Generated extends Build {
  readonly config: Config;
  /** Text of an artifact. @throws Error when there is none at this path. */
  file(path: string): string;
}

/** Builds a configuration that is given as a program would give it; what is left out is default. */
export function generate(given: object = {}): Generated {
  const config = completeConfig('test', given, catalogue);
  const built = build(config, catalogue, []);
  const file = (path: string): string => {
    const found = built.artifacts.find((artifact) => artifact.path === path);
    if (found === undefined) throw new Error(`no artifact ${path}: ${built.artifacts.map((a) => a.path).join(', ')}`);
    return found.text;
  };
  return { ...built, config, file };
}

/** Paths of the rule files. */
export const RULES = {
  zoneTraffic: 'rules/prometheus/zone-traffic.rules.yaml',
  compatibility: 'rules/prometheus/inter-az-traffic-analysis.rules.yaml',
  allowances: 'rules/prometheus/ena-allowances.rules.yaml',
} as const;
