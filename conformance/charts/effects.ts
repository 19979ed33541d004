import { leavesOf, shown, without, withValue, type Leaf } from '../shared/tree.ts';
import { inPool } from '../shared/pool.ts';
import { changesOf } from './changes.ts';
import { fingerprint, type Render, type Rendered } from './render.ts';
import { seen, tokensOf } from './tokens.ts';

/** How the effect of a leaf showed, or that it has none. */
export type Effect = 'word' | 'removal' | 'change' | 'none';

/** A leaf of the values, and what it does. */
export interface LeafEffect extends Leaf {
  readonly effect: Effect;
  /** For a leaf without effect: what was tried. */
  readonly tried: string;
}

/** What all leaves of a values file are held against. */
export interface Base {
  readonly chart: string;
  readonly values: unknown;
  readonly text: string;
  readonly volatile: ReadonlySet<string>;
}

/** Values as helm reads them: JSON is YAML, and nothing of it is read in two ways. */
export const asFile = (values: unknown): string => `${JSON.stringify(values)}\n`;

async function seenWords({ chart, values }: Base, render: Render): Promise<ReadonlySet<string>> {
  const tokens = tokensOf(chart, values);
  if (tokens === undefined) return new Set();
  const rendered = await render(asFile(tokens.values));
  return 'text' in rendered ? seen(tokens, rendered.text) : new Set();
}

/**
 * What each leaf does to the documents: removing it changes them or makes the chart fail, or (where it equals the default of the chart)
 * changing it does. A template that fails has read the value; what the chart's schema refuses, no template has seen.
 */
export async function effectsOf(base: Base, render: Render): Promise<readonly LeafEffect[]> {
  const words = await seenWords(base, render);
  const before = fingerprint(base.text, base.volatile);
  const differs = (rendered: Rendered): boolean =>
    'text' in rendered ? fingerprint(rendered.text, base.volatile) !== before : !rendered.bySchema;
  const effectOf = async (leaf: Leaf): Promise<LeafEffect> => {
    const { path, value } = leaf;
    if (words.has(shown(path))) return { ...leaf, effect: 'word', tried: '' };
    if (differs(await render(asFile(without(base.values, path))))) return { ...leaf, effect: 'removal', tried: '' };
    const changes = changesOf(value);
    for (const change of changes) {
      if (differs(await render(asFile(withValue(base.values, path, change)))))
        return { ...leaf, effect: 'change', tried: '' };
    }
    const tried = `removed, and as ${changes.map((change) => JSON.stringify(change)).join(', ')}`;
    return { ...leaf, effect: 'none', tried };
  };
  return inPool(leavesOf(base.values), effectOf);
}
