import { attempted, casesFor, generated, type Case } from '../shared/cases.ts';
import { readOptions } from '../shared/options.ts';
import { inPool } from '../shared/pool.ts';
import { CannotRun, programAt, programPath, type Program } from '../shared/program.ts';
import { reportTo, type Output, type Report } from '../shared/report.ts';
import { inTemporaryFolder } from '../shared/temporary.ts';
import { applyCases, inAllOutputs } from './cases.ts';
import { checkObject } from './check.ts';
import { kubeFilesOf, type KubeFile, type KubeObject } from './files.ts';
import { clusterArguments, kubectlFor, missingNamespaces, serverVersion } from './kubectl.ts';

const USAGE = `Lets an API server check every generated Kubernetes object, strictly and without keeping it, and looks for every leaf in its answer.

Usage: npm run conformance:apply -- --context <name> | --kubeconfig <file> [options]

  --context <name>        the context of the cluster; the current one is never taken by itself
  --kubeconfig <file>     the file that names the cluster
  --namespace <name>      put every object into this namespace, which must be there
  --kubectl <path>        kubectl 1.27 or newer (the one on PATH)
  --config <file>...      these configurations in YAML only (azimuth.yaml, every example, and cases for every kind)
  --allow-missing-kinds   list kinds whose definitions the cluster does not have, instead of failing
  --help                  show this text
`;

const OPTIONS = {
  kubectl: { type: 'string' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespace: { type: 'string' },
  'allow-missing-kinds': { type: 'boolean', default: false },
} as const;

type WithObject = Extract<KubeFile, { object: KubeObject }>;

/** A file that is checked, and the configuration that has it first. */
interface Item {
  readonly name: string;
  readonly file: WithObject;
}

/** Every different file of the configurations. What is left out, and what cannot be built, goes to the report. */
function itemsOf(cases: readonly Case[], report: Report): { readonly items: readonly Item[]; readonly total: number } {
  const items = new Map<string, Item>();
  const left = new Set<string>();
  let total = 0;
  for (const one of cases.flatMap(inAllOutputs)) {
    const made = attempted(() => kubeFilesOf(generated(one)));
    if ('problem' in made) {
      report.add({ what: one.name, found: '', problems: [made.problem] });
      continue;
    }
    for (const file of made.result) {
      if (file.use === 'none') left.add(`${file.path}: ${file.reason}`);
      else {
        total += 1;
        if (!items.has(file.text)) items.set(file.text, { name: one.name, file });
      }
    }
  }
  for (const what of left) report.omit(what);
  return { items: [...items.values()], total };
}

/** @throws CannotRun that names the namespaces that must be made, or another to take in their place. */
async function checkNamespaces(kubectl: Program, items: readonly Item[], given: string | undefined): Promise<void> {
  const own = items.flatMap(({ file: { object } }) => object.metadata.namespace ?? []);
  const missing = await missingNamespaces(kubectl, given === undefined ? [...new Set(own)].toSorted() : [given]);
  if (missing.length === 0) return;
  throw new CannotRun(
    `the cluster has no namespace ${missing.join(', ')}. A dry run needs them: make them, or put every object into one that is there ` +
      'with --namespace NAME',
  );
}

/** The command `conformance:apply`. @returns its exit code. */
export async function runApply(argv: readonly string[], output: Output): Promise<number> {
  const { values, files, help } = readOptions(argv, OPTIONS);
  if (help) {
    output.stdout(USAGE);
    return 0;
  }
  const cluster = clusterArguments(values);
  const kubectl = kubectlFor(programAt(programPath('kubectl', values.kubectl, '--kubectl')), cluster);
  const report = reportTo(output);
  const version = await serverVersion(kubectl);
  const { items, total } = itemsOf(casesFor(files, applyCases), report);
  await checkNamespaces(kubectl, items, values.namespace);

  await inTemporaryFolder(async (folder) => {
    const means = { kubectl, folder, namespace: values.namespace };
    await inPool(items, async ({ name, file }) => {
      const what = `${name}: ${file.path}`;
      const { unknownKind, ...verdict } = await checkObject(file, means);
      if (unknownKind === undefined) report.add({ what, ...verdict });
      else if (values['allow-missing-kinds']) report.omit(`${what}: the cluster does not know ${unknownKind}`);
      else report.add({ what, ...verdict, problems: [`the cluster does not know ${unknownKind}`] });
    });
  });
  const patches = items.filter(({ file }) => file.use === 'patch').length;
  output.stdout(`Kubernetes ${version}: ${total} files, ${items.length} different ones, of which ${patches} patches\n`);
  return report.finish();
}
