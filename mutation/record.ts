import { rm } from 'node:fs/promises';
import { runTool } from '../bench/process/tools.ts';
import { CannotRun } from '../conformance/shared/program.ts';

/** The tests that run rules through promtool; those of arbitrary settings would only add rules, with the same code behind them. */
const TESTS = ['test/promtool', 'test/properties/traffic.test.ts'];

/** Runs these tests, and keeps their cases in a folder. @throws CannotRun with the end of Jest's report when a test fails. */
export async function recordCases(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...TESTS];
  const { code, stderr } = await runTool(process.execPath, jest, {
    env: { ...process.env, AZIMUTH_RECORD_CASES: folder },
  });
  if (code !== 0) throw new CannotRun(`the tests fail even without a mutation:\n${stderr.slice(-4000)}`);
}
