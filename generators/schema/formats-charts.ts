import { SECTION } from './formats.ts';
import { CPU, MEMORY } from './formats-workload.ts';

/** A chart version without its v. */
export const CHART_VERSION = {
  type: 'string',
  pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$',
  expected: 'a chart version such as 1.2.3',
} as const;

/** A quantity of CPU, with a default. */
export const cpu = <const Default extends string>(quantity: Default) =>
  ({ ...CPU, default: quantity, description: 'CPU.' }) as const;

/** A quantity of memory, with a default. */
export const memory = <const Default extends string>(quantity: Default) =>
  ({ ...MEMORY, default: quantity, description: 'Memory.' }) as const;

/** What a pod asks for. */
export const requests = <const Cpu extends string, const Memory extends string>(ofCpu: Cpu, ofMemory: Memory) =>
  ({
    ...SECTION,
    description: 'What a pod asks for.',
    properties: { cpu: cpu(ofCpu), memory: memory(ofMemory) },
  }) as const;
