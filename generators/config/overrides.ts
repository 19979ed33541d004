import { Type, type Static } from 'typebox';
import { falseOr, form, LINE_FORM, optionalDuration } from './forms.ts';

const severity = Type.Enum(['critical', 'warning', 'info'], {
  description: 'critical wakes someone, warning is for today.',
});

/** Thresholds and times of one tier of an alert; what is left out keeps the alert's own default. */
const tier = {
  threshold: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'Packets per window above which it fires; for headroom, the ratio below which.',
    }),
  ),
  for: optionalDuration('How long the condition must hold.'),
  keepFiringFor: optionalDuration('How long it stays firing after the condition ended.'),
};

/** What may be changed about one alert. */
export const alertOverride = Type.Object(
  {
    ...tier,
    severity: Type.Optional(severity),
    escalation: Type.Optional(
      falseOr(
        Type.Object(tier, { additionalProperties: false }),
        'The second, critical tier of the alert; false removes it.',
      ),
    ),
  },
  { additionalProperties: false },
);

const title = Type.Optional(form(...LINE_FORM, { minLength: 1 }));

const panelOverride = Type.Object(
  { title, description: Type.Optional(Type.String({ minLength: 1 })) },
  { additionalProperties: false },
);

/** What may be changed about one dashboard. */
export const dashboardOverride = Type.Object(
  {
    title,
    refresh: optionalDuration('How often the dashboard reloads.'),
    from: Type.Optional(
      form('^now-[0-9]+[smhdwMy]$', 'a start such as now-6h', { description: 'Start of the time range.' }),
    ),
    panels: Type.Optional(Type.Record(Type.String(), falseOr(panelOverride, 'A change to a panel; false removes it.'))),
  },
  { additionalProperties: false },
);

export type AlertOverride = Static<typeof alertOverride>;
export type DashboardOverride = Static<typeof dashboardOverride>;
