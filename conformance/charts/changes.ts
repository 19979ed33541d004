/**
 * Words that a chart may refuse in any other spelling than its own, each with others of its kind. Where none is known, a letter is
 * added to the text. A template that refuses a value has read it; a schema that does has proved nothing, hence the words.
 */
const KINDS: readonly (readonly string[])[] = [
  ['true', 'false'],
  ['tunnel', 'native'],
  ['vxlan', 'geneve'],
  ['veth', 'netkit'],
  ['snat', 'dsr', 'hybrid'],
  ['opt', 'geneve', 'ipip'],
  ['random', 'maglev'],
  ['cluster-pool', 'kubernetes', 'eni'],
  ['wireguard', 'ipsec'],
  ['medium', 'low', 'none', 'maximum'],
  ['low', 'high'],
  ['Deployment', 'CronJob'],
  ['network', 'application'],
  ['info', 'debug'],
  ['Exists', 'Equal'],
  ['replace', 'keep', 'drop'],
];

/** A number with a unit, such as 50m, 512Mi or 30s. */
const AMOUNT = /^\d+(?:[a-z]|[KMG]i)?$/i;

function ofText(text: string): readonly string[] {
  const others = KINDS.filter((kind) => kind.includes(text)).flatMap((kind) => kind.filter((word) => word !== text));
  const more = AMOUNT.test(text) ? [text.replace(/\d+/, (digits) => String(Number(digits) + 1))] : [];
  return [...others, ...more, `${text}x`];
}

/** Replacements for a value, likeliest first: of its own type, and none equal to it. */
export function changesOf(value: unknown): readonly unknown[] {
  switch (typeof value) {
    case 'boolean':
      return [!value];
    case 'number':
      // A share stays a share.
      return value > 0 && value < 1 ? [value / 2] : [value + 1, value - 1];
    case 'string':
      return ofText(value);
    default:
      // null, and mappings and lists that are empty.
      return value === null
        ? ['changed', { changed: 'changed' }]
        : Array.isArray(value)
          ? [['changed']]
          : [{ changed: 'changed' }];
  }
}
