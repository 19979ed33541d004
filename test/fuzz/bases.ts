import { readdirSync, readFileSync } from 'node:fs';
import { dump, load } from 'js-yaml';
import { EVERY_SOURCE } from '../support/everything.ts';
import { generate } from '../support/generate.ts';
import { SCENARIOS } from '../support/scenarios.ts';

/** Configurations as people write them: ours and the examples. */
const TEXTS = ['azimuth.yaml', ...readdirSync('examples').map((name) => `examples/${name}`)].map((path) =>
  readFileSync(path, 'utf8'),
);

const DEFAULTS = JSON.parse(JSON.stringify(generate().config)) as ReturnType<typeof generate>['config'];

/** Every section filled, so that there is something to damage everywhere. */
const FULL = {
  ...DEFAULTS,
  rules: { ...DEFAULTS.rules, labels: { team: 'net' } },
  alerts: {
    PPSAllowanceExceeded: { threshold: 10, for: '5m', escalation: { threshold: 20, keepFiringFor: '1h' } },
    ConntrackAllowanceLow: { threshold: 0.2, severity: 'info' },
    BWINAllowanceExceeded: false,
  },
  dashboards: { 'zone-traffic': { title: 'x', panels: { matrix: false, total: { title: 'y' } } } },
  keep: ['dashboards/mine.json'],
};

/** Valid configurations to be changed: every scenario and every example. */
export const OBJECTS: readonly object[] = [
  ...Object.values(SCENARIOS),
  ...EVERY_SOURCE,
  ...TEXTS.map((text) => load(text) as object),
  FULL,
];

/** The same as texts, those of people with their comments. */
export const BASE_TEXTS: readonly string[] = [...TEXTS, ...OBJECTS.map((object) => dump(object))];
