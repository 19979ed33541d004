import { BigValueGraphMode, BigValueTextMode } from '@grafana/schema';
import { BigValue } from '@grafana/ui';
import { optionsOf } from './defaults.ts';
import { type DrawValue, Linked } from './linked.tsx';
import type { PanelComponent } from './panel-props.ts';
import { reduced } from './reduced.ts';
import { Repeated, type Repetition } from './repeated.tsx';

const SPACING = 3;

/** One big number for each field. */
export const Stat: PanelComponent = (props) => {
  const options = optionsOf('stat', props.panel.options);
  const values = reduced(
    props,
    options.reduceOptions,
    options.graphMode !== BigValueGraphMode.None,
    options.showPercentChange,
  );
  // A lone value needs no name: the panel's title says it.
  const isLone = options.textMode === BigValueTextMode.Auto && values.length === 1;
  const textMode = isLone ? BigValueTextMode.Value : options.textMode;

  const draw = (repetition: Repetition) => {
    const { value, alignmentFactors, width, height, count } = repetition;
    const big: DrawValue = (onClick, className) => (
      <BigValue
        value={value.display}
        count={count}
        sparkline={value.sparkline}
        colorMode={options.colorMode}
        graphMode={options.graphMode}
        justifyMode={options.justifyMode}
        percentChangeColorMode={options.percentChangeColorMode}
        textMode={textMode}
        disableWideLayout={!options.wideLayout}
        alignmentFactors={alignmentFactors}
        text={options.text}
        width={width}
        height={height}
        theme={props.theme}
        onClick={onClick}
        className={className}
      />
    );
    return <Linked value={value} draw={big} />;
  };

  const arrangement = { itemSpacing: SPACING, autoGrid: true, orientation: options.orientation };
  return <Repeated props={props} values={values} draw={draw} arrangement={arrangement} />;
};
