import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { MARK } from '../../model/artifact.ts';
import type { Dashboard, PanelTarget, PlacedPanel, Variable } from '../../model/dashboard.ts';
import { finish } from './finish.ts';
import { pack, type Place } from './layout.ts';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A query in the SDK's form; reference ids count from A. */
function query({ expr, mode, format, legend }: PanelTarget, index: number): DataqueryBuilder {
  const builder = new DataqueryBuilder()
    .refId(String.fromCodePoint(65 + index))
    .datasource(DATASOURCE)
    .expr(expr.text)
    .format(format === 'table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries)
    .legendFormat(legend);
  return mode === 'instant' ? builder.instant() : builder.range();
}

function panel({ panel: { title, description, targets, build } }: PlacedPanel, gridPos: Place) {
  const built = build().build();
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

function variable(definition: Variable) {
  if (definition.kind === 'datasource') {
    return new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
  }
  const { name, label, description, query: source, multi } = definition;
  const text = `label_values(${source.selector.text}, ${source.label})`;
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATASOURCE)
    .query({ query: text, refId: `variable-${name}` })
    .definition(text)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
  // ".*" and not ".+", so that All includes series that lack the label.
  return multi
    ? builder.multi(true).includeAll(true).allValue('.*').current({ text: 'All', value: '$__all', selected: true })
    : builder;
}

/** The dashboard as classic JSON, the form that file provisioning and the sidecar read. */
export function classicDashboard(dashboard: Dashboard, version: number): string {
  const builder = new DashboardBuilder(dashboard.title)
    .uid(dashboard.uid)
    .description(`${dashboard.description} ${MARK}; do not edit.`)
    .tags([...dashboard.tags])
    .version(version)
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .timezone('browser')
    .time({ from: dashboard.from, to: 'now' })
    .refresh(dashboard.refresh)
    .link(
      new DashboardLinkBuilder('Azimuth')
        .type(DashboardLinkType.Dashboards)
        .tags(['azimuth'])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true),
    );
  for (const definition of dashboard.variables) builder.withVariable(variable(definition));
  let top = 0;
  for (const { title, panels } of dashboard.sections) {
    if (panels.length === 0) continue;
    if (title !== undefined) {
      builder.withRow(new RowBuilder(title).gridPos({ x: 0, y: top, w: 24, h: 1 }));
      top += 1;
    }
    const { places, bottom } = pack(panels, top);
    panels.forEach((placed, index) => {
      const place = places[index];
      if (place !== undefined) builder.withPanel(panel(placed, place));
    });
    top = bottom;
  }
  return `${JSON.stringify(finish(builder.build()), null, 2)}\n`;
}
