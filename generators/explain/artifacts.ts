import type { Build } from '../build/index.ts';
import { isRecording, ruleName } from '../model/rules.ts';
import type { Rule } from '../model/rules.ts';

/** A generated file. */
export interface ExplainedArtifact {
  readonly kind: 'artifact';
  readonly name: string;
  /** What it is: `rules`, `dashboard`, `helm-values`, `manifest`, `schema` or `lock`. */
  readonly type: string;
  /** Its header, which says what it is for and the command that applies it. */
  readonly meaning: string;
  readonly bytes: number;
  readonly records: readonly string[];
  readonly alerts: readonly string[];
  /** Uids of dashboards. */
  readonly dashboards: readonly string[];
}

/** The comment at the start of a YAML file, without the notice that it is generated. */
const headerOf = (text: string): string => {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .map((line) => line.replace(/^# ?/, ''))
    .slice(1)
    .join('\n')
    .trim();
};

/** Whether a text has a name: alone, not as a part of a longer one. */
const hasName = (text: string, name: string): boolean => {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + name.length] ?? ' '}`;
    if (!/[\w:]/.test(around)) return true;
  }
  return false;
};

/** What files are for that have no room for a header. */
const MEANINGS: Readonly<Record<string, string>> = {
  schema: 'The schema of the configuration, for editors.',
  lock: 'Path, version and hash of every generated file. Commit it: versions continue from it.',
};

/** Explains a file by its path below the output folder; nothing if none is generated there. */
export function explainedArtifact({ artifacts, bundle }: Build, path: string): readonly ExplainedArtifact[] {
  const artifact = artifacts.find((one) => one.path === path.replace(/^\.\//, ''));
  if (artifact === undefined) return [];
  const { kind, text, format } = artifact;
  const rules = bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const namesOf = (wanted: readonly Rule[], key: string): readonly string[] => [
    ...new Set(wanted.map(ruleName).filter((name) => hasName(text, `${key}: ${name}`))),
  ];
  const hasRules = kind === 'rules' || kind === 'helm-values';
  return [
    {
      kind: 'artifact',
      name: artifact.path,
      type: kind,
      meaning: MEANINGS[kind] ?? (format === 'yaml' ? headerOf(text) : ''),
      bytes: Buffer.byteLength(text),
      records: hasRules ? namesOf(rules.filter(isRecording), 'record') : [],
      alerts: hasRules
        ? namesOf(
            rules.filter((rule) => !isRecording(rule)),
            'alert',
          )
        : [],
      dashboards:
        kind === 'dashboard' ? bundle.dashboards.flatMap(({ uid }) => (hasName(text, `"${uid}"`) ? [uid] : [])) : [],
    },
  ];
}
