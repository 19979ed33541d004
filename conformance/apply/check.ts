import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program, Ran } from '../shared/program.ts';
import { leavesOf } from '../shared/tree.ts';
import { lostIn } from './compare.ts';
import type { KubeFile, KubeObject } from './files.ts';
import { applyArguments, patchArguments } from './kubectl.ts';
import { expectedAfter, objectFor } from './patched.ts';

/** How files are checked. */
export interface Means {
  readonly kubectl: Program;
  /** For files, which are removed again. */
  readonly folder: string;
  /** The namespace that takes the place of every other, undefined to leave them. */
  readonly namespace: string | undefined;
}

/** What was found of a file. */
export interface Applied {
  readonly found: string;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  /** The kind that the cluster does not know, instead of problems. */
  readonly unknownKind?: string;
}

let files = 0;

async function written({ folder }: Means, text: string): Promise<string> {
  const file = join(folder, `object-${(files += 1)}.yaml`);
  await writeFile(file, text);
  return file;
}

/** The object in the namespace of the run; one without a namespace stays without. */
const placed = (object: KubeObject, namespace: string | undefined): KubeObject =>
  namespace === undefined || object.metadata.namespace === undefined
    ? object
    : { ...object, metadata: { ...object.metadata, namespace } };

const UNKNOWN_KIND = /no matches for kind|could not find the requested resource/;

const warningsOf = ({ stderr }: Ran): readonly string[] => stderr.split('\n').filter((line) => /^warning:/i.test(line));

function judged(object: KubeObject, ran: Ran, compare: (answer: unknown) => readonly string[]): Applied {
  const { kind, apiVersion } = object;
  if (ran.code !== 0) {
    const isUnknown = UNKNOWN_KIND.test(ran.stderr);
    return {
      found: kind,
      problems: [ran.stderr.trim() === '' ? `kubectl ended with ${ran.code}` : ran.stderr.trim()],
      notes: [],
      ...(isUnknown && { unknownKind: `${kind} (${apiVersion})` }),
    };
  }
  let answer: unknown;
  try {
    answer = JSON.parse(ran.stdout);
  } catch {
    return { found: kind, problems: [`kubectl answered no JSON: ${ran.stdout.slice(0, 200)}`], notes: [] };
  }
  return {
    found: `${kind}, ${leavesOf(object).length} leaves`,
    problems: compare(answer),
    notes: warningsOf(ran),
  };
}

/** Lets the server go through everything but keeping a file's object, or a plausible object with the file's patch in it. */
export async function checkObject(file: Extract<KubeFile, { object: KubeObject }>, means: Means): Promise<Applied> {
  const { kubectl, namespace } = means;
  const object = placed(file.object, namespace);
  // The file as it is wherever that is possible: its YAML is read by kubectl then.
  const own = await written(means, object === file.object ? file.text : JSON.stringify(object));
  if (file.use === 'apply')
    return judged(object, await kubectl(applyArguments(own)), (answer) => lostIn(answer, object));

  const patched = await kubectl(patchArguments(await written(means, JSON.stringify(objectFor(object))), own));
  if (patched.code !== 0)
    return { found: object.kind, problems: [`kubectl patch: ${patched.stderr.trim()}`], notes: [] };
  const ran = await kubectl(applyArguments(await written(means, patched.stdout)));
  return judged(object, ran, (answer) => {
    const after = expectedAfter(object, answer);
    return lostIn(after.answer, after.expected);
  });
}
