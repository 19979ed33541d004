import { FieldColorModeId, FieldConfigOptionsRegistry, type FieldConfigSource, ThresholdsMode } from '@grafana/data';
import type { PanelJson } from '../model/dashboard-json.ts';
import { customDefaults } from '../panels/defaults.ts';
import { customProperty, standardProperties } from './field-properties.ts';

const THRESHOLDS = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: -Infinity, color: 'green' },
    { value: 80, color: 'red' },
  ],
};

/** JSON has no infinity: Grafana writes the lowest threshold as null. */
function thresholdsOf(given: unknown): typeof THRESHOLDS {
  const { steps = THRESHOLDS.steps, ...rest } = (given ?? {}) as Partial<typeof THRESHOLDS>;
  return { ...THRESHOLDS, ...rest, steps: steps.map((step) => ({ ...step, value: step.value ?? -Infinity })) };
}

const colorOf = (type: string) => ({
  mode: type === 'timeseries' ? FieldColorModeId.PaletteClassic : FieldColorModeId.Thresholds,
});

/** A panel's field settings with Grafana's defaults filled in. */
export function fieldConfigOf(panel: PanelJson): FieldConfigSource {
  const defaults = panel.fieldConfig?.defaults ?? {};
  const overrides = panel.fieldConfig?.overrides ?? [];
  return {
    defaults: {
      color: colorOf(panel.type),
      ...defaults,
      thresholds: thresholdsOf(defaults['thresholds']),
      custom: { ...customDefaults(panel.type), ...(defaults['custom'] as object | undefined) },
    },
    overrides: overrides.map(({ matcher, properties }) => ({
      matcher: { ...matcher },
      properties: properties.map(({ id, value }) => ({ id, value: id === 'thresholds' ? thresholdsOf(value) : value })),
    })),
  };
}

/** The settings that a panel may use: the standard ones, and its type's own. */
export function registryOf(panel: PanelJson): FieldConfigOptionsRegistry {
  const registry = new FieldConfigOptionsRegistry();
  for (const item of standardProperties()) registry.register(item);
  const used = (panel.fieldConfig?.overrides ?? []).flatMap(({ properties }) => properties.map(({ id }) => id));
  const custom = new Set([
    ...Object.keys({
      ...customDefaults(panel.type),
      ...(panel.fieldConfig?.defaults?.['custom'] as object | undefined),
    }),
    ...used.filter((id) => id.startsWith('custom.')).map((id) => id.slice('custom.'.length)),
  ]);
  for (const id of custom) registry.register(customProperty(id, panel.type));
  return registry;
}
