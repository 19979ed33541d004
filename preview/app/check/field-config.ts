import type { OverrideJson, PanelJson } from '../model/dashboard-json.ts';
import { at, type Finding, instead, unknownName } from './finding.ts';
import type { Known } from './known.ts';
import { FIELD_MATCHER, findingsOf, keysOf, type Shape } from './shape.ts';
import { CUSTOM } from './shapes-custom.ts';
import { OVERRIDABLE, STANDARD } from './shapes-field.ts';

const CONFIG = keysOf<NonNullable<PanelJson['fieldConfig']>>({ defaults: true, overrides: true });
const OVERRIDE = keysOf<OverrideJson & { __systemRef: string }>({
  // Grafana's mark of an override that it made itself, such as for a series hidden in the legend.
  __systemRef: true,
  matcher: { keys: { id: FIELD_MATCHER, options: true, scope: true } },
  properties: { keys: { id: true, value: true } },
});

const PREFIX = 'custom.';

/** What the value of a property must be: `custom.stacking.mode` is the shape at the end of that path. */
function shapeOf(id: string, custom: Shape | undefined): Shape | undefined {
  if (!id.startsWith(PREFIX)) return OVERRIDABLE.includes(id) ? STANDARD.keys[id] : undefined;
  let shape = custom ?? true;
  for (const key of id.slice(PREFIX.length).split('.')) {
    if (shape === true) return true;
    const inner: Shape | undefined = 'keys' in shape && Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    if (inner === undefined) return undefined;
    shape = inner;
  }
  return shape;
}

const propertyNames = (type: string): string[] => [
  ...OVERRIDABLE,
  ...Object.keys(CUSTOM[type]?.keys ?? {}).map((name) => `${PREFIX}${name}`),
];

/** A matcher by query that names a query which the panel does not have. */
function matcherFindings({ matcher }: OverrideJson, panel: PanelJson, place: string): Finding[] {
  if (matcher.id !== 'byFrameRefID' || typeof matcher.options !== 'string') return [];
  const refIds = (panel.targets ?? []).map(({ refId }) => refId);
  if (refIds.includes(matcher.options)) return [];
  const message = `query "${matcher.options}" does not exist${instead(matcher.options, refIds)}`;
  return [{ place: at(place, 'matcher.options'), message }];
}

function overrideFindings(override: OverrideJson, panel: PanelJson, known: Known, place: string): Finding[] {
  const properties = override.properties.flatMap(({ id, value }, index) => {
    const property = at(at(place, 'properties'), index);
    const shape = shapeOf(id, CUSTOM[panel.type]);
    if (shape === undefined) return unknownName(at(property, 'id'), 'property', id, propertyNames(panel.type));
    return findingsOf(value, shape, at(property, 'value'), known);
  });
  return [...findingsOf(override, OVERRIDE, place, known), ...matcherFindings(override, panel, place), ...properties];
}

/** Field settings, matchers and properties that do not exist, and values that they cannot have. */
export function fieldConfigFindings(panel: PanelJson, known: Known): Finding[] {
  const { fieldConfig } = panel;
  if (fieldConfig === undefined) return [];
  const defaults: Shape = { keys: { ...STANDARD.keys, custom: CUSTOM[panel.type] ?? true } };
  return [
    ...findingsOf(fieldConfig, CONFIG, 'fieldConfig', known),
    ...findingsOf(fieldConfig.defaults, defaults, 'fieldConfig.defaults', known),
    ...(fieldConfig.overrides ?? []).flatMap((override, index) =>
      overrideFindings(override, panel, known, at('fieldConfig.overrides', index)),
    ),
  ];
}
