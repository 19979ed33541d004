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

/** What a plain scalar is to a reader of YAML 1.2 and to one of YAML 1.1, as text that tells types apart. */
const readAs = (text: string, schema: typeof CORE_SCHEMA): string => {
  const value: unknown = load(text, { schema });
  return value instanceof Date ? `date ${value.toISOString()}` : `${typeof value} ${String(value)}`;
};

/** Anything else is text to both: no number, date, truth value or null begins otherwise. */
const MAY_DIFFER = /^([-+.0-9~=]|<<|[yntofYNTOF])/;

/** Scalars are few and come often. */
const answers = new Map<string, string | undefined>();

/** How two readers take a scalar that is not quoted; undefined where they agree. */
function disagreement(text: string): string | undefined {
  if (!MAY_DIFFER.test(text)) return undefined;
  if (!answers.has(text)) {
    const [now, old] = [readAs(text, CORE_SCHEMA), readAs(text, YAML11_SCHEMA)];
    // "=" is a type of its own in YAML 1.1, which readers refuse.
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

/** Scalars of a document that readers of YAML 1.1 (on, yes, 0777, 1_000, 12:30, dates) and 1.2 (0o17, 1e3) take for different things. */
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

/** The documents of a text, or why they cannot be made: keys that are mappings, tags without a type. */
export interface Documents {
  readonly data: readonly unknown[];
  readonly problems: readonly Problem[];
}

/** A YAML text as its readers have it. */
export interface Read {
  /** The documents of the text; made when asked for. */
  readonly documents: () => Documents;
  readonly problems: readonly Problem[];
}

/** What is wrong with a text that is no YAML. @throws any other error. */
function notYaml(error: unknown): readonly Problem[] {
  if (!(error instanceof YAMLException)) throw error;
  return [{ path: '', message: `not YAML: ${error.reason}` }];
}

function made(source: string, events: readonly Event[]): Documents {
  try {
    return { data: constructFromEvents([...events], { source, schema: CORE_SCHEMA }), problems: [] };
  } catch (error) {
    return { data: [], problems: notYaml(error) };
  }
}

/** Reads YAML once, and tells where older readers would read something else. */
export function readYaml(text: string): Read {
  try {
    const events = parseEvents(text, {});
    return {
      documents: () => made(text, events),
      problems: disagreements(text, events),
    };
  } catch (error) {
    return { documents: () => ({ data: [], problems: [] }), problems: notYaml(error) };
  }
}
