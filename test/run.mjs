/**
 * `npm test`: installs the programs that the tests need where it may, runs every test, and closes with "N passed, N failed".
 * Nothing is skipped: a program that is missing and cannot be installed is named, and the run fails. Arguments go to Jest.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Programs, and the Debian or Ubuntu package that brings them. Chromium has several names. */
const PROGRAMS = {
  chromium: 'chromium',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  amtool: 'prometheus-alertmanager',
  'victoria-metrics': 'victoria-metrics',
  vmalert: 'victoria-metrics',
  jq: 'jq',
};

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'];

const has = (program) =>
  program === 'chromium'
    ? process.env.AZIMUTH_CHROMIUM !== undefined || CHROMIUM.some((name) => isOnPath(name))
    : isOnPath(program);

const isOnPath = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, program)));

const run = (command, args, options = {}) => spawnSync(command, args, { stdio: 'inherit', ...options }).status === 0;

/** How to call apt-get: as root, by sudo that asks for nothing, or not at all. */
function aptGet() {
  if (!has('apt-get')) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  return has('sudo') && run('sudo', ['-n', 'true'], { stdio: 'ignore' }) ? ['sudo', '-n', 'apt-get'] : undefined;
}

function provide() {
  const packages = () => [
    ...new Set(Object.entries(PROGRAMS).flatMap(([program, name]) => (has(program) ? [] : [name]))),
  ];
  const wanted = packages();
  if (wanted.length === 0) return true;
  const [command, ...args] = aptGet() ?? [];
  if (command !== undefined) {
    console.error(`installing ${wanted.join(', ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const stdio = ['ignore', 'ignore', 'inherit'];
    run(command, [...args, 'update', '-qq'], { env, stdio });
    run(command, [...args, 'install', '-y', '-qq', '--no-install-recommends', ...wanted], { env, stdio });
  }
  const missing = packages();
  if (missing.length === 0) return true;
  console.error(
    `missing, and not installable from here: ${missing.join(', ')}\ninstall them: apt-get install ${missing.join(' ')}`,
  );
  return false;
}

function test() {
  const folder = mkdtempSync(join(tmpdir(), 'azimuth-test-'));
  const report = join(folder, 'report.json');
  try {
    const jest = [
      '--experimental-vm-modules',
      // Builds make much garbage at once: with more room for it, tests take a twentieth less time.
      '--max-semi-space-size=64',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${report}`,
    ];
    // Jest's own JSON goes to the file; its readable report is on standard error.
    const passed = run(process.execPath, [...jest, ...process.argv.slice(2)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const { numPassedTests, numTotalTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    // A suite that cannot even start has no tests: it counts as one failure. Skipped tests count as failures too.
    const failed = Math.max(numTotalTests - numPassedTests, numFailedTestSuites, passed ? 0 : 1);
    return { passed: numPassedTests, failed: numPassedTests === 0 ? Math.max(failed, 1) : failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The browser tests need the preview's packages, which are no part of the generator's. */
const preparePreview = () => run('npm', ['run', '--silent', 'prepare:preview']);

const { passed, failed } = provide() && preparePreview() ? test() : { passed: 0, failed: 1 };
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
