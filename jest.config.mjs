export default {
  testEnvironment: 'node',
  // Many tests wait for a server of their own; Jest's default leaves one of two cores to nobody.
  maxWorkers: '100%',
  // Nothing is timed by its test: a busy machine must not fail what waits for promtool or a browser.
  testTimeout: 60_000,
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/test/support/seed.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};
