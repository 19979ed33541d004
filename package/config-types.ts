import { isMapping } from './json.ts';

type Json = Readonly<Record<string, unknown>>;

/** `input`: what a file may hold, every setting optional. `complete`: settings with a default are there. */
type Form = 'input' | 'complete';

/** How often a mapping must occur to get a name of its own. */
const SHARED = 3;

const literals = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(' | ');

const isName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);

/** The description of a setting, with its unit and its default, as a comment. */
function comment({ description, unit, default: value }: Json, indent: string): string {
  const parts = [
    typeof description === 'string' ? description : '',
    typeof unit === 'string' ? `Unit: ${unit}.` : '',
    value === undefined || isMapping(value) ? '' : `Default: ${JSON.stringify(value)}.`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${indent}/** ${parts.join(' ').replaceAll('*/', '*\\/')} */\n`;
}

/** TypeScript's types of values that a schema of the configuration accepts. Alike mappings share one name. */
class Writer {
  private readonly form: Form;
  private readonly counts = new Map<string, number>();
  private readonly names = new Map<string, { readonly name: string; readonly schema: Json }>();

  constructor(form: Form, prefix: string, schema: Json) {
    this.form = form;
    // Once to count.
    this.type(schema, '');
    for (const [key, times] of this.counts) {
      if (times < SHARED) continue;
      this.names.set(key, { name: `${prefix}${this.names.size + 1}`, schema: JSON.parse(key) as Json });
    }
  }

  /** Declarations of the named types. */
  shared(): string {
    return [...this.names.values()].map(({ name, schema }) => `type ${name} = ${this.members(schema, '')};\n`).join('');
  }

  type(schema: Json, indent: string): string {
    if ('const' in schema) return literals([schema['const']]);
    if (Array.isArray(schema['enum'])) return literals(schema['enum']);
    if (isMapping(schema['then']) && isMapping(schema['else'])) {
      return `${this.type(schema['then'], indent)} | ${this.type(schema['else'], indent)}`;
    }
    const { type } = schema;
    if (Array.isArray(type)) return type.map((one: unknown) => this.type({ ...schema, type: one }, indent)).join(' | ');
    if (type === 'integer') return 'number';
    if (type === 'string' || type === 'number' || type === 'boolean' || type === 'null') return type;
    if (type === 'array') {
      const item = isMapping(schema['items']) ? this.type(schema['items'], indent) : 'unknown';
      return `readonly ${/[|{ ]/.test(item) ? `(${item})` : item}[]`;
    }
    if (type === 'object') return this.object(schema, indent);
    throw new Error(`a schema without a type that can be written: ${JSON.stringify(schema).slice(0, 200)}`);
  }

  private object(schema: Json, indent: string): string {
    const { properties, additionalProperties, required } = schema;
    if (!isMapping(properties)) {
      const value = isMapping(additionalProperties) ? this.type(additionalProperties, indent) : 'unknown';
      return `{ readonly [name: string]: ${value} }`;
    }
    const key = JSON.stringify({ properties, required });
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    return this.names.get(key)?.name ?? this.members({ properties, required }, indent);
  }

  private members({ properties, required }: Json, indent: string): string {
    const inner = `${indent}  `;
    const always: readonly unknown[] = Array.isArray(required) ? required : [];
    const lines = Object.entries(properties as Json).map(([key, value]) => {
      const schema = value as Json;
      const isThere = always.includes(key) || (this.form === 'complete' && 'default' in schema);
      const name = isName(key) ? key : JSON.stringify(key);
      return `${comment(schema, inner)}${inner}readonly ${name}${isThere ? '' : '?'}: ${this.type(schema, inner)};\n`;
    });
    return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
  }
}

/** What the declarations of the configuration are made of. */
export interface ConfigFacts {
  /** The schema of the configuration, with its own keywords. */
  readonly schema: Json;
  readonly flowSources: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Declarations of `Config` and `ConfigInput` with the descriptions of all settings, for editors. The repository infers the same types from
 * its schemas, which takes a library of types and all of the sources.
 */
export function configTypes({ schema, flowSources, outputs }: ConfigFacts): string {
  const complete = new Writer('complete', 'Part', schema);
  const input = new Writer('input', 'Input', schema);
  // The types are written before what they share.
  const [config, given] = [complete.type(schema, ''), input.type(schema, '')];
  return `${complete.shared()}${input.shared()}
/** The id of a flow source, such as \`retina-hubble\` or \`obi\`. */
export type SourceName = ${literals(flowSources)};

/** The id of an output format, such as \`prometheus\` or \`grafana\`. */
export type OutputName = ${literals(outputs)};

/** A complete and valid configuration: every setting has a value. Returned by \`loadConfig\` and \`completeConfig\`. */
export type Config = ${config};

/**
 * The content of a configuration file: every setting is optional.
 * @example export default { cluster: { name: 'staging' }, flows: { source: 'obi' } } satisfies ConfigInput;
 */
export type ConfigInput = ${given};
`;
}
