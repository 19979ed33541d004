import type { Problem } from '../schema/problems.ts';
import { problem } from '../settings/check.ts';
import { atLeast } from './version.ts';

/** One problem where something is wrong, and none otherwise. */
export const problemIf = (isWrong: boolean, path: string, value: unknown, expected: string): readonly Problem[] =>
  isWrong ? [problem(path, value, expected)] : [];

/** A chart that is too old for the values that are written for it. */
export const tooOld = (path: string, version: string, least: string, why: string): readonly Problem[] =>
  problemIf(!atLeast(version, least), path, version, `${least} or newer, as ${why}`);
