import type { Program } from '../shared/program.ts';
import { CannotRun } from '../shared/program.ts';

/** Which cluster is asked, and never the one that happens to be current. */
export interface Cluster {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * The options that choose a cluster, before everything else.
 * @throws CannotRun when neither a file nor a context was named.
 */
export function clusterArguments({ kubeconfig, context }: Cluster): readonly string[] {
  if (kubeconfig === undefined && context === undefined) {
    throw new CannotRun(
      'name the cluster with --context NAME or --kubeconfig FILE: the current context is never taken, as it may be any cluster',
    );
  }
  return [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--context', context]),
  ];
}

/** Applies a file without keeping anything: the server goes all the way but the last step. Unknown fields are errors. */
export const applyArguments = (file: string): readonly string[] => [
  'apply',
  '--server-side',
  // In a cluster where Azimuth's objects are, others own their fields; nothing is taken from them, as nothing is kept.
  '--force-conflicts',
  '--field-manager=azimuth-conformance',
  '--dry-run=server',
  '--validate=strict',
  '--output=json',
  `--filename=${file}`,
];

/** Patches an object in a file, without a server. */
export const patchArguments = (object: string, patch: string): readonly string[] => [
  'patch',
  '--local',
  '--type=strategic',
  '--output=json',
  `--filename=${object}`,
  `--patch-file=${patch}`,
];

/** kubectl for one cluster. */
export const kubectlFor =
  (program: Program, cluster: readonly string[]): Program =>
  (args, input) =>
    program([...cluster, ...args], input);

/** The version of the server, such as v1.35.4. @throws CannotRun when it does not answer. */
export async function serverVersion(kubectl: Program): Promise<string> {
  const { code, stdout, stderr } = await kubectl(['version', '--output=json']);
  if (code !== 0) throw new CannotRun(`the API server does not answer: ${stderr.trim()}`);
  const { serverVersion: server } = JSON.parse(stdout) as { readonly serverVersion?: { readonly gitVersion?: string } };
  if (server?.gitVersion === undefined) throw new CannotRun('kubectl version tells nothing of the server');
  return server.gitVersion;
}

/** Those of the namespaces that the cluster does not have. @throws CannotRun when it cannot be asked. */
export async function missingNamespaces(kubectl: Program, names: readonly string[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const name of names) {
    const { code, stdout, stderr } = await kubectl(['get', 'namespace', name, '--ignore-not-found', '--output=name']);
    if (code !== 0) throw new CannotRun(`namespace ${name} cannot be looked up: ${stderr.trim()}`);
    if (stdout.trim() === '') missing.push(name);
  }
  return missing;
}
