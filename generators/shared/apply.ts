import type { PACKAGING } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';

/** How objects are applied. */
export type Applied = Slice<{ packaging: typeof PACKAGING }>;

/**
 * The command that applies files or folders, as `packaging.apply` says. One way for everything: server-side apply over an object that
 * was applied client-side ends in a conflict wherever the API server filled in a default inside a field that is owned as a whole.
 */
export const applyCommand = ({ packaging }: Applied, ...paths: readonly string[]): string =>
  [
    'kubectl apply',
    ...(packaging.apply === 'server-side' ? ['--server-side'] : []),
    ...paths.map((path) => `--filename ${path}`),
  ].join(' ');
