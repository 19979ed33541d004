import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { makeStage, removeStage, rivalTrial, signalTrial } from './trials.ts';

jest.setTimeout(120_000);

/** A few moments of the writing; `npm run crash` tries thousands. */
const MOMENTS = [3, 40, 75, 110] as const;

describe('a real build that is ended while it writes', () => {
  const stage = makeStage();
  afterAll(() => removeStage(stage));

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s leaves all files old or all new', async (signal) => {
    const outcomes = await Promise.all(MOMENTS.map(async (changes) => signalTrial(stage, signal, changes)));
    expect(['old', 'new', undefined]).toEqual(expect.arrayContaining(outcomes));
  });

  test('by SIGKILL leaves them so, or is named, and is mended by the next build', async () => {
    const outcomes = await Promise.all(MOMENTS.map(async (changes) => signalTrial(stage, 'SIGKILL', changes)));
    expect(['old', 'new', 'named', undefined]).toEqual(expect.arrayContaining(outcomes));
  });

  test('by nothing, but with rivals, waits for them', async () => {
    const outcomes = await Promise.all([rivalTrial(stage, [1, 2]), rivalTrial(stage, [1, 1])]);
    expect(outcomes).toEqual(['new', 'new']);
    expect(['new', 'named']).toContain(await rivalTrial(stage, [1, 2], 60));
  });
});
