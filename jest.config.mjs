import { availableParallelism } from 'node:os';

// Programs in Go (promtool, Prometheus, vmalert) collect garbage less often, which saves short processes a fifth of their time.
process.env.GOGC ??= '1000';

export default {
  testEnvironment: 'node',
  // Three on two cores: many tests wait for a server or a browser of their own, and leave a core to another.
  // As a number: Jest takes a share of more than 100% for a number of workers.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // Jest keeps memory of every test file that it has run, so garbage collection takes longer and longer.
  workerIdleMemoryLimit: '600MB',
  testSequencer: '<rootDir>/test/support/sequencer.mjs',
  // No test measures time: on a busy machine, promtool and browsers take long.
  testTimeout: 60_000,
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/test/support/seed.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '<rootDir>/test/support/globals-transform.mjs',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};
