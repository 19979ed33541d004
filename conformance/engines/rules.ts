import { generateCluster, VARIED } from '../../bench/generate.ts';
import { generated } from '../shared/cases.ts';

/** Flow sources that count in different units: the engines evaluate their rules together. */
export const SOURCES = ['retina-hubble', 'obi'] as const;

export const CLUSTER = generateCluster({ ...VARIED, seed: 5, nodes: 6, pods: 60 });

/** Alerts at once and from the first packet on: the run is shorter than most of them wait. */
const AT_ONCE = { for: '0s', threshold: 0, escalation: false } as const;

export const CONFIG = {
  flows: { source: SOURCES },
  cluster: { name: CLUSTER.name },
  scrape: { interval: '15s' },
  ethtool: { exporter: 'showmax' },
  alerts: {
    PPSAllowanceExceeded: AT_ONCE,
    BWINAllowanceExceeded: AT_ONCE,
    BWOutAllowanceExceeded: AT_ONCE,
    LinkLocalAllowanceExceeded: AT_ONCE,
  },
};

/** The rule files as they are committed, by path. */
export const ruleFiles = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    generated({ name: 'engines', given: CONFIG })
      .artifacts.filter(({ kind, path }) => kind === 'rules' && path.startsWith('rules/prometheus/'))
      .map(({ path, text }) => [path, text]),
  );

/** The names of the records in rule files. */
export const recordsIn = (rules: Readonly<Record<string, string>>): ReadonlySet<string> =>
  new Set(
    Object.values(rules).flatMap((text) =>
      Array.from(text.matchAll(/^ +(?:- )?record: (\S+)$/gm), ([, name = '']) => name),
    ),
  );
