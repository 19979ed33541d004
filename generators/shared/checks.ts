import type { Problem } from '../schema/problems.ts';
import { problem } from '../settings/check.ts';
import { atLeast } from './version.ts';

/** A list with one problem if `isWrong`, otherwise empty. */
export const problemIf = (isWrong: boolean, path: string, value: unknown, expected: string): readonly Problem[] =>
  isWrong ? [problem(path, value, expected)] : [];

/** A problem if the chart is older than the generated values support. */
export const tooOld = (path: string, version: string, least: string, why: string): readonly Problem[] =>
  problemIf(!atLeast(version, least), path, version, `${least} or newer, as ${why}`);
