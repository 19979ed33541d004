import { type DisplayValueAlignmentFactors, type FieldDisplay, getDisplayValueAlignmentFactors } from '@grafana/data';
import { VizRepeater, type VizRepeaterRenderValueProps } from '@grafana/ui';
import type { ComponentProps, JSX } from 'react';
import type { PanelProps } from './panel-props.ts';

/** One of the values of a panel, and the room that it has. */
export type Repetition = VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>;

type Grid = ComponentProps<typeof VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>>;

/** How the values stand beside each other. */
type Arrangement = Pick<Grid, 'itemSpacing' | 'orientation'> &
  Partial<Pick<Grid, 'autoGrid' | 'minVizHeight' | 'maxVizHeight' | 'minVizWidth'>>;

/** All values of a panel, each drawn alike, in the room of the panel. */
export function Repeated({
  props,
  values,
  draw,
  arrangement,
}: {
  readonly props: PanelProps;
  readonly values: FieldDisplay[];
  readonly draw: (repetition: Repetition) => JSX.Element;
  readonly arrangement: Arrangement;
}): JSX.Element {
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={() => values}
      getAlignmentFactors={(all) => getDisplayValueAlignmentFactors(all)}
      renderValue={draw}
      source={props.data}
      renderCounter={0}
      width={props.width}
      height={props.height}
      {...arrangement}
    />
  );
}
