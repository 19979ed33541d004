import { getDisplayProcessor } from '@grafana/data';
import { BarGauge as Bar } from '@grafana/ui';
import { optionsOf } from './defaults.ts';
import { type DrawValue, Linked } from './linked.tsx';
import type { PanelComponent } from './panel-props.ts';
import { reduced } from './reduced.ts';
import { Repeated, type Repetition } from './repeated.tsx';

const SPACING = 10;
const LCD_CELL_WIDTH = 14;

/** A bar for each field, or for each row where all values are shown. */
export const BarGauge: PanelComponent = (props) => {
  const options = optionsOf('bargauge', props.panel.options);
  const values = reduced(props, options.reduceOptions, false);

  const draw = (repetition: Repetition) => {
    const { value, alignmentFactors, orientation, width, height, count } = repetition;
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

  const { minVizHeight, maxVizHeight, minVizWidth, orientation } = options;
  const arrangement = { itemSpacing: SPACING, minVizHeight, maxVizHeight, minVizWidth, orientation };
  return <Repeated props={props} values={values} draw={draw} arrangement={arrangement} />;
};
