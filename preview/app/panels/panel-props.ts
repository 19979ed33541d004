import type { DataFrame, GrafanaTheme2, TimeRange } from '@grafana/data';
import type { FC } from 'react';
import type { Mark } from '../data/load.ts';
import type { PanelJson } from '../model/dashboard-json.ts';

/** What a panel type's component gets. */
export interface PanelProps {
  readonly panel: PanelJson;
  /** Answers, transformed, with field settings. */
  readonly data: readonly DataFrame[];
  /** What the dashboard's annotations mark; graphs draw it. */
  readonly marks: readonly Mark[];
  readonly width: number;
  readonly height: number;
  readonly range: TimeRange;
  readonly theme: GrafanaTheme2;
  /** Sets the page's time range, in Unix milliseconds: a stretch of a time series that was dragged over. */
  readonly onRange: (from: number, to: number) => void;
  /** Fills variables in a text. */
  readonly fill: (text: string) => string;
}

/** Draws a panel of one type. */
export type PanelComponent = FC<PanelProps>;
