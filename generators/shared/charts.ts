import type { Problem } from '../schema/problems.ts';
import { problem } from '../settings/check.ts';
import { atLeast } from './version.ts';

/** A chart that is too old for the values that are written for it. */
export const tooOld = (path: string, version: string, least: string, why: string): readonly Problem[] =>
  atLeast(`v${version}`, `v${least}`) ? [] : [problem(path, version, `${least} or newer, as ${why}`)];
