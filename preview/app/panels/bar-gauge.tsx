import {
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  getDisplayProcessor,
  getDisplayValueAlignmentFactors,
} from '@grafana/data';
import { BarGauge as Bar, VizRepeater, type VizRepeaterRenderValueProps } from '@grafana/ui';
import { optionsOf } from './defaults.ts';
import { type DrawValue, Linked } from './linked.tsx';
import type { PanelComponent } from './panel-props.ts';
import { reduced } from './reduced.ts';

const SPACING = 10;
const LCD_CELL_WIDTH = 14;

/** A bar for each field, or for each row where all values are shown. */
export const BarGauge: PanelComponent = (props) => {
  const options = optionsOf('bargauge', props.panel.options);
  const values = reduced(props, options.reduceOptions, false);

  const draw = (repeated: VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>) => {
    const { value, alignmentFactors, orientation, width, height, count } = repeated;
    const { field, display, view, colIndex } = value;
    const processor =
      (colIndex === undefined ? undefined : view?.getFieldDisplayProcessor(colIndex)) ??
      getDisplayProcessor({ field: { config: field }, theme: props.theme });
    const bar: DrawValue = (onClick, className) => (
      <Bar
        value={{ ...display }}
        field={field}
        display={processor}
        orientation={orientation}
        text={options.text}
        itemSpacing={SPACING}
        lcdCellWidth={LCD_CELL_WIDTH}
        displayMode={options.displayMode}
        {...(count > 1 && { alignmentFactors })}
        showUnfilled={options.showUnfilled}
        valueDisplayMode={options.valueMode}
        namePlacement={options.namePlacement}
        isOverflow={false}
        width={width}
        height={height}
        theme={props.theme}
        onClick={onClick}
        className={className}
      />
    );
    return <Linked value={value} draw={bar} />;
  };

  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={() => values}
      getAlignmentFactors={(all) => getDisplayValueAlignmentFactors(all)}
      renderValue={draw}
      source={props.data}
      itemSpacing={SPACING}
      renderCounter={0}
      width={props.width}
      height={props.height}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
      minVizWidth={options.minVizWidth}
      orientation={options.orientation}
    />
  );
};
