import { CPU, DNS_LABEL, KUBERNETES_NAME, MEMORY, PORT } from './formats.ts';

/** Helpers for sections of the configuration. Types are literal, as the type of the configuration is inferred from them. */

/** A mapping of settings; left out or empty, it is all defaults. */
export const SECTION = { type: 'object', default: {}, additionalProperties: false } as const;

/** Something that is off until it is asked for. */
export const ENABLED = { type: 'boolean', default: false } as const;

/** Either false, which removes the thing, or a mapping that changes it. */
export const falseOr = <S extends object>(changes: S, description: string) =>
  ({
    description,
    if: { type: 'object' },
    then: changes,
    else: { const: false, expected: 'false or a mapping of changes' },
  }) as const;

/** The namespace of something, with its default. */
export const namespace = (name: string, what: string) =>
  ({ ...DNS_LABEL, default: name, description: `Namespace of ${what}.` }) as const;

/** A quantity of CPU, with a default. */
export const cpu = <const Default extends string>(quantity: Default) =>
  ({ ...CPU, default: quantity, description: 'CPU.' }) as const;

/** A quantity of memory, with a default. */
export const memory = <const Default extends string>(quantity: Default) =>
  ({ ...MEMORY, default: quantity, description: 'Memory.' }) as const;

/** The resources that a pod requests. */
export const requests = <const Cpu extends string, const Memory extends string>(ofCpu: Cpu, ofMemory: Memory) =>
  ({
    ...SECTION,
    description: 'What a pod asks for.',
    properties: { cpu: cpu(ofCpu), memory: memory(ofMemory) },
  }) as const;

/** The label by which a scrape job finds pods, with its default value. */
export const app = <const Name extends string>(name: Name, label: string) =>
  ({ ...KUBERNETES_NAME, default: name, description: `Value of the label ${label} on its pods.` }) as const;

/** A port that is scraped, with its default. */
export const port = <const Port extends number>(number: Port, what: string) =>
  ({ ...PORT, default: number, description: `Port of ${what}.` }) as const;
