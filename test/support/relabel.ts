/** A relabelling step, as far as our scrape configurations use it. */
export interface RelabelConfig {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly replacement?: string;
  readonly target_label?: string;
  readonly action?: string;
}

type Labels = Readonly<Record<string, string>>;

/** The replacement with its groups filled in, as Go's regexp.Expand does: `$1`, `${1}`, and `$$` for a dollar sign. */
const expand = (replacement: string, groups: readonly string[]): string =>
  replacement.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) =>
    whole === '$$' ? '$' : (groups[Number(bare ?? braced)] ?? ''),
  );

/**
 * What becomes of a target's labels, step by step as Prometheus does it; undefined where a step drops the target. Empty labels
 * are removed. The actions are keep, drop and replace. @throws Error for any other.
 */
export function relabel(configs: readonly RelabelConfig[], target: Labels): Labels | undefined {
  let labels: Labels = target;
  for (const { source_labels = [], separator = ';', regex = '(.*)', replacement = '$1', ...rest } of configs) {
    const { action = 'replace', target_label: to } = rest;
    const match = new RegExp(`^(?:${regex})$`, 's').exec(
      source_labels.map((name) => labels[name] ?? '').join(separator),
    );
    if (action === 'keep' || action === 'drop') {
      if ((match === null) === (action === 'keep')) return undefined;
    } else if (action !== 'replace' || to === undefined) {
      throw new Error(`relabelling without a target label, or an action beyond these: ${action}`);
    } else if (match !== null) {
      labels = { ...labels, [to]: expand(replacement, match) };
    }
  }
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
