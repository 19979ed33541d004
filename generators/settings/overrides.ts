import { LABEL_NAME, LINE, PROMETHEUS_DURATION } from '../schema/formats.ts';
import { falseOr } from '../schema/settings.ts';
import type { FromSchema } from 'json-schema-to-ts';
import { typed, type Names } from './section.ts';

/** Threshold and durations of one tier of an alert. A missing setting keeps the default of the alert. */
const tier = {
  threshold: {
    unit: 'packets within rules.window, or a ratio',
    type: 'number',
    minimum: 0,
    description: 'Packets per window above which the alert fires. For headroom alerts, the ratio below which it fires.',
  },
  for: { ...PROMETHEUS_DURATION, description: 'How long the condition must hold.' },
  keepFiringFor: {
    ...PROMETHEUS_DURATION,
    description: 'How long the alert keeps firing after the condition has cleared.',
  },
} as const;

const escalation = { type: 'object', properties: tier, additionalProperties: false } as const;

const alert = {
  type: 'object',
  properties: {
    ...tier,
    severity: {
      enum: ['critical', 'warning', 'info'],
      description: 'critical pages someone; warning is for working hours; info is context.',
    },
    labels: {
      type: 'object',
      propertyNames: LABEL_NAME,
      additionalProperties: LINE,
      description: 'Labels added to the alert, beside those of rules.labels; the same name here wins.',
    },
    annotations: {
      type: 'object',
      propertyNames: LABEL_NAME,
      additionalProperties: { type: 'string', minLength: 1, maxLength: 5000 },
      description:
        'Annotations added to the alert, or in place of its own, such as runbook_url. {{ $value }} and {{ $labels.NAME }} are filled in by the ruler.',
    },
  },
  additionalProperties: false,
} as const;

const panel = {
  type: 'object',
  properties: {
    title: { ...LINE, minLength: 1, description: 'Title of the panel.' },
    description: {
      type: 'string',
      minLength: 1,
      maxLength: 5000,
      description: 'Description of the panel, shown on hover.',
    },
  },
  additionalProperties: false,
} as const;

const dashboard = {
  type: 'object',
  properties: {
    // Grafana rejects blank and longer titles, and trims spaces (seen with 12.4).
    title: {
      ...LINE,
      pattern: `${LINE.pattern.slice(0, 1)}(?! )(?=.*[^ ]$)${LINE.pattern.slice(1)}`,
      minLength: 1,
      maxLength: 5000,
      expected: 'text on one line of up to 5000 characters, without spaces at its ends',
      description: 'Title of the dashboard.',
    },
    refresh: { ...PROMETHEUS_DURATION, description: 'Refresh interval of the dashboard.' },
    from: {
      type: 'string',
      pattern: '^now-[0-9]+[smhdwMy]$',
      expected: 'a start such as now-6h',
      description: 'Start of the default time range.',
    },
  },
  additionalProperties: false,
} as const;

/** Changes to one alert. */
type AlertOverride = FromSchema<typeof alert> & { escalation?: false | FromSchema<typeof escalation> };

/** Changes to one dashboard. */
export type DashboardOverride = FromSchema<typeof dashboard> & {
  panels?: Record<string, false | FromSchema<typeof panel>>;
};

/** A change to a panel. */
const panelChange = falseOr(panel, 'Changes to the panel; false removes it.');

/** A change to an alert. */
const alertChange = falseOr(
  {
    ...alert,
    properties: {
      ...alert.properties,
      escalation: falseOr(escalation, 'Changes to the second, critical tier of the alert; false removes it.'),
    },
  },
  'Changes to the alert; false removes it.',
);

/** A change to a dashboard with these panels. */
const dashboardChange = (panels: object) =>
  falseOr(
    { ...dashboard, properties: { ...dashboard.properties, panels } },
    'Changes to the dashboard; false removes it.',
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
  description: 'Changes to alerts, by alert name.',
}));

/** Changes to dashboards, by uid, and to their panels, by key. */
export const DASHBOARDS = typed<Readonly<Record<string, false | DashboardOverride>>>()(({ dashboards }: Names) => ({
  ...only(Object.keys(dashboards), (uid) =>
    dashboardChange({
      ...only(dashboards[uid] ?? [], () => panelChange),
      description: 'Changes to panels, by panel key; false removes a panel.',
    }),
  ),
  default: {},
  description: 'Changes to dashboards, by uid, and to their panels, by panel key.',
}));
