import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { MARK } from '../model/artifact.ts';
import type { Annotation, Dashboard, PanelTarget, PlacedPanel, Variable } from '../model/dashboard.ts';
import { promql } from '../promql/index.ts';
import { type Schema, SOME_TEXT } from '../schema/objects.ts';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A query for the SDK; reference ids start at A. */
function query({ expr, mode, format, legend, refId }: PanelTarget, index: number): DataqueryBuilder {
  const builder = new DataqueryBuilder()
    .refId(refId ?? String.fromCodePoint(65 + index))
    .datasource(DATASOURCE)
    .expr(expr.text)
    .format(format === 'table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries)
    .legendFormat(legend);
  return mode === 'instant' ? builder.instant() : builder.range();
}

function panelBuilder({ panel: { title, description, targets, build } }: PlacedPanel, gridPos: Place) {
  const built = build().build() as sdk.Panel;
  return {
    build: () => ({
      ...built,
      title,
      description,
      datasource: DATASOURCE,
      gridPos,
      targets: targets.map((target, index) => query(target, index).build()),
    }),
  };
}

/** A variable whose values come from Prometheus. */
const queryBuilder = (
  { name, label, description }: Exclude<Variable, { kind: 'datasource' }>,
  text: string,
  sort: sdk.VariableSort,
) =>
  new sdk.QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATASOURCE)
    .query({ query: text, refId: `variable-${name}` })
    .definition(text)
    .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
    .sort(sort);

/** In the list of a custom variable, a comma or a colon would end a value. */
function listBuilder({ name, label, description, options, first }: Extract<Variable, { kind: 'list' }>) {
  const chosen = options.find(({ value }) => value === first) ?? options[0];
  return new sdk.CustomVariableBuilder(name)
    .label(label)
    .description(description)
    .values(options.map(({ value, text }) => `${text} : ${value}`).join(', '))
    .multi(true)
    .current({ text: [chosen?.text ?? ''], value: [chosen?.value ?? ''], selected: true });
}

function datasourceBuilder({ label = 'Data source', regex }: Extract<Variable, { kind: 'datasource' }>) {
  const builder = new sdk.DatasourceVariableBuilder('datasource').label(label).type('prometheus');
  return regex === undefined ? builder : builder.regex(regex);
}

function variableBuilder(definition: Variable) {
  switch (definition.kind) {
    case 'datasource':
      return datasourceBuilder(definition);
    case 'list':
      return listBuilder(definition);
    case 'largest': {
      const { expr, label } = definition.query;
      return queryBuilder(
        definition,
        `query_result(${promql`sort_desc(${expr})`.text})`,
        sdk.VariableSort.Disabled,
      ).regex(`/[{,]${label}="([^"]*)"/`);
    }
    default: {
      const { query: source, multi } = definition;
      const text = `label_values(${source.selector.text}, ${source.label})`;
      const builder = queryBuilder(definition, text, sdk.VariableSort.AlphabeticalAsc);
      // ".*" and not ".+", so that All includes series that lack the label.
      return multi
        ? builder.multi(true).includeAll(true).allValue('.*').current({ text: 'All', value: '$__all', selected: true })
        : builder;
    }
  }
}

/**
 * Grafana marks each value that it finds at steps of this length, and joins neighbours to one: long enough for six hours, and no longer than a
 * record of a moment is seen.
 */
const ANNOTATION_STEP = '60s';

const annotationBuilder = ({ name, expr, title, text, colour }: Annotation) =>
  new sdk.AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(colour)
    .expr(expr.text)
    .step(ANNOTATION_STEP)
    .titleFormat(title)
    .textFormat(text);

type Json = Readonly<Record<string, unknown>>;

/** Several outputs write the same dashboard, some of them twice to know its size; all but the version is made once. */
const known = new WeakMap<Dashboard, Json>();

/** The dashboard in Grafana's classic model, as data. */
export function classicModel(dashboard: Dashboard, version: number): Json {
  const model = known.get(dashboard) ?? dashboard.plain ?? modelOf(dashboard);
  known.set(dashboard, model);
  return { ...model, version };
}

/** The dashboard as classic JSON, for file provisioning and the sidecar. */
export const classicDashboard = (dashboard: Dashboard, version: number): string =>
  `${JSON.stringify(classicModel(dashboard, version), null, 2)}\n`;

function modelOf(dashboard: Dashboard): Json {
  const builder = new sdk.DashboardBuilder(dashboard.title)
    .uid(dashboard.uid)
    .description(`${dashboard.description} ${MARK}; do not edit.`)
    .tags([...dashboard.tags])
    // The place of the version, which differs from output to output.
    .version(1)
    .readonly()
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .timezone('browser')
    .time({ from: dashboard.from, to: 'now' })
    .refresh(dashboard.refresh)
    .link(
      new sdk.DashboardLinkBuilder('Azimuth')
        .type(sdk.DashboardLinkType.Dashboards)
        .tags(['azimuth'])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true),
    );
  for (const definition of dashboard.variables) builder.withVariable(variableBuilder(definition));
  for (const annotation of dashboard.annotations ?? []) builder.annotation(annotationBuilder(annotation));
  let top = 0;
  for (const { title, panels } of dashboard.sections) {
    if (panels.length === 0) continue;
    if (title !== undefined) {
      builder.withRow(new sdk.RowBuilder(title).gridPos({ x: 0, y: top, w: 24, h: 1 }));
      top += 1;
    }
    const { places, bottom } = pack(panels, top);
    panels.forEach((item, index) => {
      const place = places[index];
      if (place !== undefined) builder.withPanel(panelBuilder(item, place));
    });
    top = bottom;
  }
  return finish(builder.build());
}

const without = (object: Json, ...keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** Only data, as the builders leave functions in targets, with sorted keys at every depth, independent of the order in which they set them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const data = value as Json;
  const keys = Object.keys(data).filter((key) => data[key] !== undefined && typeof data[key] !== 'function');
  return Object.fromEntries(keys.toSorted().map((key) => [key, sorted(data[key])]));
}

/** Since Grafana 12, the footer of a table is a field option; the SDK still writes the old option, with no footer. */
function withoutFooter(panel: Json): Json {
  const { options } = panel as { options?: Json };
  return panel['type'] === 'table' && options !== undefined ? { ...panel, options: without(options, 'footer') } : panel;
}

/**
 * Completes the output of the SDK: adds panel ids, and removes fields that Grafana's classic model does not have. `placement` would move links
 * and annotations into a menu; only interval variables have `auto`.
 */
function finish(dashboard: sdk.Dashboard): Json {
  const json = dashboard as unknown as Json & {
    panels?: Json[];
    links?: Json[];
    templating?: { list?: Json[] };
    annotations?: { list?: Json[] };
  };
  return sorted({
    ...json,
    panels: (json.panels ?? []).map((panel, index) => ({ ...withoutFooter(panel), id: index + 1 })),
    links: (json.links ?? []).map((link) => without(link, 'placement')),
    annotations: { list: (json.annotations?.list ?? []).map((annotation) => without(annotation, 'placement')) },
    templating: {
      list: (json.templating?.list ?? []).map((variable) => without(variable, 'auto', 'auto_min', 'auto_count')),
    },
  }) as Json;
}

/** Columns of Grafana's grid. */
export const COLUMNS = 24;

/** A position in the grid: Grafana's gridPos. */
export type Place = Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;

/**
 * Places panels in order, each in the topmost free position and then as far left as possible, so that a removed panel leaves no gap. Returns
 * the positions and the first free row below.
 * @throws RangeError if a panel is wider than the grid.
 */
export function pack(
  panels: readonly { readonly width: number; readonly height: number }[],
  top: number,
): { readonly places: readonly Place[]; readonly bottom: number } {
  const skyline = Array.from({ length: COLUMNS }, () => top);
  const places = panels.map(({ width, height }): Place => {
    if (width > COLUMNS) throw new RangeError(`a panel of width ${width} does not fit ${COLUMNS} columns`);
    const starts = Array.from({ length: COLUMNS - width + 1 }, (_, x) => Math.max(...skyline.slice(x, x + width)));
    const y = Math.min(...starts);
    const x = starts.indexOf(y);
    skyline.fill(y + height, x, x + width);
    return { x, y, w: width, h: height };
  });
  return { places, bottom: Math.max(...skyline) };
}

/** Upstream: Grafana, pkg/util/shortid_generator.go; grafana-operator, spec.uid. */
export const DASHBOARD_UID: Schema = {
  type: 'string',
  maxLength: 40,
  pattern: '^[a-zA-Z0-9_-]+$',
  expected: 'a uid: up to 40 letters, digits, dashes and underscores',
};

/** Required fields of a classic dashboard. Types in Grafana's SDK check the panels. */
export const CLASSIC_DASHBOARD: Schema = {
  type: 'object',
  required: ['uid', 'title', 'schemaVersion', 'panels'],
  properties: { uid: DASHBOARD_UID, title: SOME_TEXT, panels: { type: 'array' } },
};
