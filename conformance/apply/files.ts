import { dump, load } from 'js-yaml';
import type { Build } from '../../generators/index.ts';
import { CannotRun } from '../shared/program.ts';

/** A Kubernetes object, or a patch of one. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** What a generated file is for. */
export type KubeFile = { readonly path: string; readonly text: string } & (
  { readonly use: 'apply' | 'patch'; readonly object: KubeObject } | { readonly use: 'none'; readonly reason: string }
);

/** Files of the kind "manifest" that no API server of Kubernetes takes, by the beginning of their path. */
const NOT_FOR_KUBECTL: readonly (readonly [string, string])[] = [
  ['manifests/kube-burner/', 'a run or profile that kube-burner reads'],
  ['dashboards/git-sync/', "a resource of Grafana's own API"],
];

/** The comment at the top of a file, without its signs. */
const headOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .slice(
      0,
      text.split('\n').findIndex((line) => !line.startsWith('#')),
    )
    .map((line) => line.replace(/^# ?/, ''));

/**
 * What a file is for, by the command at its top: a line that begins with `kubectl apply` or `kubectl patch`.
 * @throws CannotRun when it has neither and is not known to need none: it would be skipped.
 */
export function useOf(path: string, text: string): KubeFile {
  const known = NOT_FOR_KUBECTL.find(([start]) => path.startsWith(start));
  if (known !== undefined) return { path, text, use: 'none', reason: known[1] };
  const commands = new Set(headOf(text).flatMap((line) => /^kubectl (apply|patch) /.exec(line)?.[1] ?? []));
  if (commands.size !== 1) {
    throw new CannotRun(
      `${path}: expected one of "kubectl apply" and "kubectl patch" at its top, found ${[...commands].join(', ') || 'neither'}`,
    );
  }
  // kubectl reads the file; what it reads is what must come back.
  return { path, text, use: commands.has('patch') ? 'patch' : 'apply', object: load(text) as KubeObject };
}

/** The items of a List, each as a file of its own: kubectl applies them one by one. Any other file is itself. */
function itemsOf(file: KubeFile): readonly KubeFile[] {
  if (file.use === 'none' || file.object.kind !== 'List') return [file];
  return (file.object as unknown as { readonly items: readonly KubeObject[] }).items.map((object) => ({
    ...file,
    path: `${file.path} ${object.kind}/${object.metadata.name}`,
    text: dump(object),
    object,
  }));
}

/** Every object of a build that is, or might be, for a Kubernetes cluster, with its file. */
export const kubeFilesOf = ({ artifacts }: Build): readonly KubeFile[] =>
  artifacts.filter(({ kind }) => kind === 'manifest').flatMap(({ path, text }) => itemsOf(useOf(path, text)));
