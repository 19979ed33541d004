import type {
  FieldColor,
  FieldColorSeriesByMode,
  FieldConfig,
  MappingType,
  Threshold,
  ThresholdsConfig,
  ThresholdsMode,
  ValueMappingResult,
} from '@grafana/schema';
import { each, keysOf, oneOf, type Shape } from './shape.ts';

/** A link of a value: `DataLink` of @grafana/data. */
const LINK = {
  keys: { title: true, url: true, targetBlank: true, oneClick: true, internal: true, origin: true, meta: true },
} as const satisfies Shape;

/** The standard settings of a field. `fieldMinMax` is missing in the published type, though Grafana saves it. */
export const STANDARD = keysOf<Omit<FieldConfig, 'custom'> & { fieldMinMax: boolean }>({
  actions: true,
  color: keysOf<FieldColor>({
    fixedColor: true,
    mode: { name: 'colorModes' },
    seriesBy: oneOf<FieldColorSeriesByMode>({ last: true, max: true, min: true }),
  }),
  decimals: true,
  description: true,
  displayName: true,
  displayNameFromDS: true,
  fieldMinMax: true,
  filterable: true,
  links: LINK,
  mappings: {
    keys: {
      // A result for each value, or beside what it is the result of.
      options: each(keysOf<ValueMappingResult>({ color: true, icon: true, index: true, text: true })),
      type: oneOf<MappingType>({ range: true, regex: true, special: true, value: true }),
    },
  },
  max: true,
  min: true,
  noValue: true,
  path: true,
  thresholds: keysOf<ThresholdsConfig>({
    mode: oneOf<ThresholdsMode>({ absolute: true, percentage: true }),
    steps: keysOf<Threshold>({ color: true, value: true, valueExpr: true }),
  }),
  unit: { name: 'units' },
  writeable: true,
});

/** Standard settings that overrides cannot change, as Grafana has no editor for them. */
const NOT_OVERRIDABLE: ReadonlySet<string> = new Set(['displayNameFromDS', 'path', 'writeable']);

/** The standard settings that overrides can change. */
export const OVERRIDABLE: readonly string[] = Object.keys(STANDARD.keys).filter((name) => !NOT_OVERRIDABLE.has(name));
