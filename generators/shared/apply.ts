import type { Config } from '../settings/index.ts';

/**
 * The command that applies files or folders, as `packaging.apply` says. One way for everything: server-side apply over an object that
 * was applied client-side ends in a conflict wherever the API server filled in a default inside a field that is owned as a whole.
 */
export const applyCommand = ({ packaging }: Config, ...paths: readonly string[]): string =>
  [
    'kubectl apply',
    ...(packaging.apply === 'server-side' ? ['--server-side'] : []),
    ...paths.map((path) => `--filename ${path}`),
  ].join(' ');
