import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  type Field,
  type FieldConfigPropertyItem,
  FieldType,
  identityOverrideProcessor,
  numberOverrideProcessor,
  selectOverrideProcessor,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

type Process = FieldConfigPropertyItem['process'];
type Applies = (field: Field) => boolean;

const isNumber: Applies = ({ type }) => type === FieldType.number;
const isNotTime: Applies = ({ type }) => type !== FieldType.time;
const always: Applies = () => true;

/** Fields' standard settings, as Grafana knows them on every panel: how a value becomes a setting, and which fields have it. */
const STANDARD: readonly (readonly [id: string, process: Process, applies: Applies])[] = [
  ['displayName', displayNameOverrideProcessor, always],
  ['unit', unitOverrideProcessor, isNotTime],
  ['min', numberOverrideProcessor, isNumber],
  ['max', numberOverrideProcessor, isNumber],
  ['fieldMinMax', booleanOverrideProcessor, isNumber],
  ['decimals', numberOverrideProcessor, isNumber],
  ['thresholds', thresholdsOverrideProcessor, always],
  ['mappings', valueMappingsOverrideProcessor, always],
  ['noValue', stringOverrideProcessor, always],
  ['links', dataLinksOverrideProcessor, always],
  ['actions', identityOverrideProcessor, always],
  ['color', selectOverrideProcessor, always],
  ['description', stringOverrideProcessor, always],
  ['filterable', booleanOverrideProcessor, always],
];

const nothing = (): null => null;

function property(id: string, process: Process, applies: Applies, isCustom: boolean): FieldConfigPropertyItem {
  return {
    id: isCustom ? `custom.${id}` : id,
    path: id,
    name: id,
    isCustom,
    process,
    shouldApply: applies,
    settings: id === 'displayName' ? { expandTemplateVars: true } : {},
    // Nothing is edited here.
    editor: nothing,
    override: nothing,
  };
}

/** The standard settings as registry items. */
export const standardProperties = (): FieldConfigPropertyItem[] =>
  STANDARD.map(([id, process, applies]) => property(id, process, applies, false));

/** A panel type's own setting; on time series, of numbers alone. */
export const customProperty = (id: string, panelType: string): FieldConfigPropertyItem =>
  property(id, identityOverrideProcessor, panelType === 'timeseries' ? isNumber : always, true);
