import {
  constructFromEvents,
  CORE_SCHEMA,
  EVENT_ID,
  load,
  parseEvents,
  SCALAR_STYLE,
  YAML11_SCHEMA,
  YAMLException,
  type Event,
} from 'js-yaml';
import { show, type Problem } from './problems.ts';

/** Type and value of a plain scalar in YAML 1.2 or YAML 1.1, as text. */
const readAs = (text: string, schema: typeof CORE_SCHEMA): string => {
  const value: unknown = load(text, { schema });
  return value instanceof Date ? `date ${value.toISOString()}` : `${typeof value} ${String(value)}`;
};

/** Scalars that start otherwise are strings in both versions: no number, date, boolean or null does. */
const MAY_DIFFER = /^([-+.0-9~=]|<<|[yntofYNTOF])/;

/** Cache: documents repeat few distinct scalars. */
const answers = new Map<string, string | undefined>();

/** How YAML 1.1 and 1.2 read an unquoted scalar differently; undefined if they agree. */
function disagreement(text: string): string | undefined {
  if (!MAY_DIFFER.test(text)) return undefined;
  if (!answers.has(text)) {
    const [now, old] = [readAs(text, CORE_SCHEMA), readAs(text, YAML11_SCHEMA)];
    // "=" is a type of its own in YAML 1.1, which parsers reject.
    answers.set(
      text,
      text === '='
        ? 'a special value of YAML 1.1'
        : now === old
          ? undefined
          : `a ${old} to YAML 1.1, a ${now} to YAML 1.2`,
    );
  }
  return answers.get(text);
}

/** Scalars that YAML 1.1 (on, yes, 0777, 1_000, 12:30, dates) and YAML 1.2 (0o17, 1e3) read differently. */
const disagreements = (text: string, events: readonly Event[]): readonly Problem[] =>
  events.flatMap((event) => {
    if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN) return [];
    const scalar = text.slice(event.valueStart, event.valueEnd);
    const found = disagreement(scalar);
    if (found === undefined) return [];
    const line = text.slice(0, event.valueStart).split('\n').length;
    return [
      {
        path: `line ${line}`,
        message: `got ${show(scalar)} without quotes, which is ${found}; expected one meaning: quote it`,
      },
    ];
  });

/** The documents of a text, or the reason why they cannot be constructed: mappings as keys, unknown tags. */
export interface Documents {
  readonly data: readonly unknown[];
  readonly problems: readonly Problem[];
}

/** A parsed YAML text. */
export interface Read {
  /** Constructs the documents. */
  readonly documents: () => Documents;
  readonly problems: readonly Problem[];
}

/** The problem of a text that is not YAML. @throws any other error. */
function notYaml(error: unknown): readonly Problem[] {
  if (!(error instanceof YAMLException)) throw error;
  return [{ path: '', message: `not YAML: ${error.reason}` }];
}

function construct(source: string, events: readonly Event[]): Documents {
  try {
    return { data: constructFromEvents([...events], { source, schema: CORE_SCHEMA }), problems: [] };
  } catch (error) {
    return { data: [], problems: notYaml(error) };
  }
}

/** Parses YAML, and reports scalars that parsers of YAML 1.1 read differently. */
export function readYaml(text: string): Read {
  try {
    const events = parseEvents(text, {});
    return { documents: () => construct(text, events), problems: disagreements(text, events) };
  } catch (error) {
    return { documents: () => ({ data: [], problems: [] }), problems: notYaml(error) };
  }
}
