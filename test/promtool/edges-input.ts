import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { sent } from './pipeline-case.ts';
import { ABSENT, constant, during, holding } from './pipeline-input.ts';

/** Input beside the one quantity of `AlertCase`, and where the alert fires at these minutes, nowhere else. */
export interface Edge {
  readonly name: string;
  readonly series: readonly InputSeries[];
  readonly firing: readonly (readonly [minute: number, ...where: Labels[]])[];
}

export const MINUTES = 60;
export const ONE: Labels = { cluster: 'one' };
export const TWO: Labels = { cluster: 'two' };

export const always = (name: string, labels: Labels, level = 1) => constant(name, labels, level, MINUTES);
/** Holds 1 for so many minutes, and then ends. Its last sample is half a minute before the last of them is over. */
export const ending = (name: string, labels: Labels, minutes: number) =>
  holding(name, labels, during([minutes, 1], [MINUTES - minutes, ABSENT]));
export const sender = (place: Labels, pod = 'cart', level = 1) =>
  always(sent, { ...place, namespace: 'shop', pod }, level);

/** The last minute that sees a series which `ending` gave so many minutes, through a window of so many. */
export const lastSeen = (minutes: number, window: number) => minutes - 1 + window;
