import { LINE, PROMETHEUS_DURATION } from '../schema/formats.ts';
import { falseOr } from '../schema/settings.ts';
import type { FromSchema } from 'json-schema-to-ts';
import { typed, type Names } from './section.ts';

/** Thresholds and times of one tier of an alert; what is left out keeps the alert's own default. */
const tier = {
  threshold: {
    unit: 'packets within rules.window, or a ratio',
    type: 'number',
    minimum: 0,
    description: 'Packets per window above which it fires; for headroom, the ratio below which.',
  },
  for: { ...PROMETHEUS_DURATION, description: 'How long the condition must hold.' },
  keepFiringFor: { ...PROMETHEUS_DURATION, description: 'How long it stays firing after the condition ended.' },
} as const;

const escalation = { type: 'object', properties: tier, additionalProperties: false } as const;

const alert = {
  type: 'object',
  properties: {
    ...tier,
    severity: {
      enum: ['critical', 'warning', 'info'],
      description: 'critical wakes someone, warning is for today, info is context.',
    },
  },
  additionalProperties: false,
} as const;

const panel = {
  type: 'object',
  properties: {
    title: { ...LINE, minLength: 1, description: 'Title of the panel.' },
    description: { type: 'string', minLength: 1, description: 'What the panel says on hover.' },
  },
  additionalProperties: false,
} as const;

const dashboard = {
  type: 'object',
  properties: {
    // Grafana refuses blank and longer titles, and cuts spaces off (seen with 12.4).
    title: {
      ...LINE,
      pattern: `${LINE.pattern.slice(0, 1)}(?! )(?=.*[^ ]$)${LINE.pattern.slice(1)}`,
      minLength: 1,
      maxLength: 5000,
      expected: 'text on one line of up to 5000 characters, without spaces at its ends',
      description: 'Title of the dashboard.',
    },
    refresh: { ...PROMETHEUS_DURATION, description: 'How often the dashboard reloads.' },
    from: {
      type: 'string',
      pattern: '^now-[0-9]+[smhdwMy]$',
      expected: 'a start such as now-6h',
      description: 'Start of the time range.',
    },
  },
  additionalProperties: false,
} as const;

/** What may be changed about one alert. */
type AlertOverride = FromSchema<typeof alert> & { escalation?: false | FromSchema<typeof escalation> };

/** What may be changed about one dashboard. */
export type DashboardOverride = FromSchema<typeof dashboard> & {
  panels?: Record<string, false | FromSchema<typeof panel>>;
};

/** A change to a panel. */
const panelChange = falseOr(panel, 'A change to a panel; false removes it.');

/** A change to an alert. */
const alertChange = falseOr(
  {
    ...alert,
    properties: {
      ...alert.properties,
      escalation: falseOr(escalation, 'The second, critical tier of the alert; false removes it.'),
    },
  },
  'A change to an alert; false removes it.',
);

/** A change to a dashboard with these panels. */
const dashboardChange = (panels: object) =>
  falseOr(
    { ...dashboard, properties: { ...dashboard.properties, panels } },
    'A change to a dashboard; false removes it.',
  );

/** A mapping whose only keys are `names`. */
const only = (names: readonly string[], schemaOf: (name: string) => object) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, schemaOf(name)])),
  additionalProperties: false,
});

/** Changes to alerts, by name. */
export const ALERTS = typed<Readonly<Record<string, false | AlertOverride>>>()(({ alerts }: Names) => ({
  ...only(alerts, () => alertChange),
  default: {},
  description: 'Changes to alerts, by name.',
}));

/** Changes to dashboards, by uid, and to their panels, by key. */
export const DASHBOARDS = typed<Readonly<Record<string, false | DashboardOverride>>>()(({ dashboards }: Names) => ({
  ...only(Object.keys(dashboards), (uid) =>
    dashboardChange({
      ...only(dashboards[uid] ?? [], () => panelChange),
      description: 'Changes to panels, by key; false removes one.',
    }),
  ),
  default: {},
  description: 'Changes to dashboards, by uid, and to their panels, by key.',
}));
