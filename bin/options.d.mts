import type { BuildOptions } from 'esbuild';

export const TRACE: string;
export function bundleOptions(root: string, entries: Readonly<Record<string, string>>, outdir: string): BuildOptions;
