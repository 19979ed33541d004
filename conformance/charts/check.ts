import type { Program } from '../shared/program.ts';
import { shown } from '../shared/tree.ts';
import { asFile, effectsOf, type Effect, type LeafEffect } from './effects.ts';
import { exceptionFor, type Exception } from './exceptions.ts';
import type { ValuesFile } from './files.ts';
import { identityOf } from './locate.ts';
import { fingerprint, rendererOf, volatileKeys } from './render.ts';

/** How values files are checked. */
export interface Means {
  readonly helm: Program;
  /** For values files, which are removed again. */
  readonly folder: string;
  /** Whether to render only, without looking at leaves. */
  readonly quick: boolean;
}

/** What was found of one values file. */
export interface Checked {
  readonly found: string;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly leaves: number;
  /** Exceptions that were needed. */
  readonly used: readonly Exception[];
}

const EFFECTS: readonly Effect[] = ['word', 'removal', 'change'];

/** `28 leaves: 17 by removal, 11 by change`. */
function counted(effects: readonly LeafEffect[], excepted: number): string {
  const parts = EFFECTS.map((effect) => ({ effect, count: effects.filter((one) => one.effect === effect).length }));
  const by = parts.filter(({ count }) => count > 0).map(({ effect, count }) => `${count} by ${effect}`);
  return `${effects.length} leaves (${[...by, ...(excepted > 0 ? [`${excepted} excepted`] : [])].join(', ')})`;
}

/** Renders a values file with its chart, which lies at a path, and looks at what each of its leaves does. */
export async function checkValues(file: ValuesFile, chart: string, { helm, folder, quick }: Means): Promise<Checked> {
  const { install, text, values, kubernetes } = file;
  const identity = await identityOf(helm, chart, install);
  const notes = identity.note === undefined ? [] : [identity.note];
  const failed = (problem: string): Checked => ({ found: '', problems: [problem], notes, leaves: 0, used: [] });
  if (identity.problem !== undefined) return failed(identity.problem);

  const render = rendererOf(helm, install, chart, kubernetes, folder);
  const first = await render(text);
  if (!('text' in first)) return failed(`does not render: ${first.failure}`);
  if (quick) return { found: 'renders', problems: [], notes, leaves: 0, used: [] };
  const [second, fromModel] = [await render(text), await render(asFile(values))];
  if (!('text' in second && 'text' in fromModel))
    return failed('renders from the file once, and not again or not from the model');

  let volatile: ReadonlySet<string>;
  try {
    volatile = volatileKeys(first.text, second.text);
  } catch (error) {
    return failed(`cannot be compared: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (fingerprint(first.text, volatile) !== fingerprint(fromModel.text, volatile))
    return failed('the file renders otherwise than what the model says it holds');

  const effects = await effectsOf({ chart: install.chart, values, text: first.text, volatile }, render);
  const idle = effects
    .filter(({ effect }) => effect === 'none')
    .map((leaf) => ({ leaf, exception: exceptionFor(install, leaf) }));
  const used = idle.flatMap(({ exception }) => exception ?? []);
  return {
    found: counted(effects, used.length),
    problems: idle.flatMap(({ leaf, exception }) =>
      exception === undefined
        ? [`${shown(leaf.path)}: ${JSON.stringify(leaf.value)} is without effect (tried: ${leaf.tried})`]
        : [],
    ),
    notes,
    leaves: effects.length,
    used,
  };
}
