import { dateTimeFormat, DashboardCursorSync, type DataFrame, type Field, FieldType } from '@grafana/data';
import { SortOrder, TooltipDisplayMode } from '@grafana/schema';
import {
  getFieldDisplayItems,
  PanelContextProvider,
  TimeSeries as Graph,
  TooltipPlugin2,
  type UPlotConfigBuilder,
  VizTooltipContent,
  VizTooltipHeader,
  VizTooltipWrapper,
} from '@grafana/ui';
import { optionsOf } from './defaults.ts';
import { useLegend } from './use-legend.ts';
import type { PanelOptions } from './options.ts';
import type { Mark } from '../data/load.ts';
import type { PanelComponent } from './panel-props.ts';

/** The values of TooltipPlugin2's hover modes, whose enum exists at compile time only. */
const HOVER_ONE_SERIES = 2;
const HOVER_ALL_SERIES = 1;

interface TooltipProps {
  readonly aligned: DataFrame;
  readonly indexes: (number | null)[];
  readonly series: number | null;
  readonly options: PanelOptions['timeseries'];
  readonly isPinned: boolean;
}

/** The time and the values under the pointer. */
function Tooltip({ aligned, indexes, series, options: { tooltip }, isPinned }: TooltipProps) {
  const [time] = aligned.fields;
  const index = indexes.find((each) => each !== null) ?? null;
  if (time === undefined || index === null) return null;
  const items = getFieldDisplayItems(
    aligned.fields,
    time,
    indexes,
    series,
    tooltip.mode,
    tooltip.sort ?? SortOrder.None,
    (field: Field) => field.type === FieldType.number,
  );
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader
        item={{ label: '', value: dateTimeFormat(time.values[index], { timeZone: 'utc' }) }}
        isPinned={isPinned}
      />
      <VizTooltipContent items={items} isPinned={isPinned} />
    </VizTooltipWrapper>
  );
}

/** Draws marks as dashed lines over the whole height, each once however often the graph is drawn. */
function drawMarks(config: UPlotConfigBuilder, marks: readonly Mark[], colourOf: (name: string) => string): void {
  if (marked.has(config) || marks.length === 0) return;
  marked.add(config);
  config.addHook('draw', (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.lineWidth = devicePixelRatio;
    for (const { time, colour } of marks) {
      const x = Math.round(plot.valToPos(time, 'x', true));
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = colourOf(colour);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  });
}

const marked = new WeakSet<UPlotConfigBuilder>();

/** Lines, areas or bars over time. */
export const TimeSeries: PanelComponent = ({ panel, data, marks, width, height, range, theme, onRange }) => {
  const options = optionsOf('timeseries', panel.options);
  const { frames, context, legend, revision } = useLegend(data, options.legend);
  const isSingle = options.tooltip.mode === TooltipDisplayMode.Single;
  return (
    <PanelContextProvider value={context}>
      <Graph
        key={revision}
        frames={frames}
        structureRev={1}
        timeRange={range}
        timeZone="utc"
        width={width}
        height={height}
        legend={legend}
        options={options}
      >
        {(config, aligned) => {
          drawMarks(config, marks, (name) => theme.visualization.getColorByName(name));
          return (
            options.tooltip.mode !== TooltipDisplayMode.None && (
              <TooltipPlugin2
                config={config}
                hoverMode={isSingle ? HOVER_ONE_SERIES : HOVER_ALL_SERIES}
                syncMode={DashboardCursorSync.Off}
                clientZoom={false}
                queryZoom={({ from, to }) => onRange(Math.round(from), Math.round(to))}
                render={(_, indexes, series, isPinned) => (
                  <Tooltip aligned={aligned} indexes={indexes} series={series} options={options} isPinned={isPinned} />
                )}
              />
            )
          );
        }}
      </Graph>
    </PanelContextProvider>
  );
};
