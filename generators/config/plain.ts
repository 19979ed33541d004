import { MAX_ANY_TEXT, MAX_CHARACTERS, MAX_DEPTH, MAX_NAME, MAX_VALUES } from '../schema/bounds.ts';
import { dotted, messageOf, type Problem } from '../schema/problems.ts';
import type { Json, Path } from './schema.ts';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const number = (count: number): string => count.toLocaleString('en');

/** A list, the entries of a mapping, or the name of any other type (a Map, a Date, a Promise). */
type Parts =
  { readonly items: ArrayLike<unknown> } | { readonly entries: [string, unknown][] } | { readonly kind: string };

/** The parts of an object. @throws whatever a getter or a proxy of a program throws. */
function partsOf(value: object, most: number): Parts {
  // Array.from, not map: map reads the constructor of the list, which a manipulated list may lack.
  if (Array.isArray(value)) return { items: value.length > most ? { length: value.length } : Array.from(value) };
  const kind = Object.prototype.toString.call(value);
  return kind === '[object Object]' ? { entries: Object.entries(value) } : { kind };
}

/** Copies one configuration, and counts what it holds. */
class Copy {
  readonly problems: Problem[] = [];
  #values = 0;
  #characters = 0;
  /** Whether the configuration is too large as a whole: nothing more is copied. */
  #isFull = false;

  #refuse(path: Path, found: string, expected: string): undefined {
    this.problems.push({ path: dotted(path), message: `got ${found}, expected ${expected}` });
  }

  /** Counts values and characters. @returns whether there is room for them. */
  #counts(path: Path, values: number, characters: number): boolean {
    if (this.#isFull) return false;
    this.#values += values;
    this.#characters += characters;
    const [most, unit] = this.#values > MAX_VALUES ? [MAX_VALUES, 'values'] : [MAX_CHARACTERS, 'characters'];
    this.#isFull = this.#values > MAX_VALUES || this.#characters > MAX_CHARACTERS;
    if (this.#isFull) {
      const expected = `at most that many in a configuration; an alias counts wherever it stands`;
      this.#refuse(path, `more than ${number(most)} ${unit} up to here`, expected);
    }
    return !this.#isFull;
  }

  #text(path: Path, text: string): string | undefined {
    if (!this.#counts(path, 0, text.length)) return undefined;
    if (text.length <= MAX_ANY_TEXT) return text;
    return this.#refuse(path, `${number(text.length)} characters`, `at most ${number(MAX_ANY_TEXT)}`);
  }

  #mapping(
    path: Path,
    entries: readonly (readonly [string, unknown])[],
    schema: Json,
    around: readonly object[],
  ): Json {
    const properties = (schema['properties'] ?? {}) as Record<string, Json>;
    return Object.fromEntries(
      entries.flatMap(([key, item]): [string, unknown][] => {
        const found = Object.hasOwn(properties, key) ? properties[key] : undefined;
        // The schema of a change has its mapping under "then".
        const inner = (found?.['then'] ?? found) as Json | undefined;
        const isEmptySection = item === null && (inner?.['type'] === 'object' || inner?.['type'] === 'array');
        if (item === undefined || isEmptySection || !this.#counts([...path, key], 0, key.length)) return [];
        if (key.length > MAX_NAME) {
          this.#refuse([...path, key], `a name of ${number(key.length)} characters`, `at most ${number(MAX_NAME)}`);
          return [];
        }
        return [[key, this.of(item, inner, [...path, key], around)]];
      }),
    );
  }

  /** The copy of a value; undefined if it is refused. */
  of(value: unknown, schema: Json = {}, path: Path = [], around: readonly object[] = []): unknown {
    if (!this.#counts(path, 1, 0)) return undefined;
    if (typeof value === 'string') return this.#text(path, value);
    if (!isObject(value)) return value;
    if (around.includes(value)) return this.#refuse(path, 'a value that holds itself', 'plain data');
    if (around.length >= MAX_DEPTH) {
      return this.#refuse(path, `a value inside of ${MAX_DEPTH} others`, `at most ${MAX_DEPTH} levels`);
    }
    let parts: Parts;
    try {
      parts = partsOf(value, MAX_VALUES);
    } catch (error) {
      return this.#refuse(path, `a value that cannot be read (${messageOf(error)})`, 'plain data');
    }
    const inside = [...around, value];
    if ('kind' in parts) return this.#refuse(path, parts.kind, 'plain data');
    if ('entries' in parts) return this.#mapping(path, parts.entries, schema, inside);
    const { items } = parts;
    if (items.length > MAX_VALUES && !this.#counts(path, items.length, 0)) return undefined;
    return Array.from(items, (item, index) => this.of(item, {}, [...path, String(index)], inside));
  }
}

/**
 * A deep copy that holds plain data only. A program may pass anything: undefined values are dropped, and other objects (a Map, a Date, a
 * Promise) are refused. Empty sections (`alerts:` with only comments below) are dropped too and get their defaults; an empty
 * `rules.window` stays null.
 * @param schema the schema of the configuration, which says what is a section.
 * @returns the copy, and the places that hold no plain data, themselves or too much. With problems, the copy is not whole.
 */
export function plainCopy(
  value: unknown,
  schema: Json,
): { readonly copy: unknown; readonly problems: readonly Problem[] } {
  const copying = new Copy();
  const copy = copying.of(value, schema);
  return { copy, problems: copying.problems };
}
