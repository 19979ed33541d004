import { SECTION } from './forms.ts';

/** A chart version without its v. */
export const CHART_VERSION = {
  type: 'string',
  pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$',
  expected: 'a chart version such as 1.2.3',
} as const;

/** A CPU quantity of Kubernetes, with a default. */
export const cpu = <const Default extends string>(quantity: Default) =>
  ({
    type: 'string',
    pattern: '^([0-9]+(\\.[0-9]+)?|[0-9]+m)$',
    expected: 'a CPU quantity in quotes such as "500m" or "2"',
    default: quantity,
    description: 'CPU.',
  }) as const;

/** A memory quantity of Kubernetes, with a default. */
export const memory = <const Default extends string>(quantity: Default) =>
  ({
    type: 'string',
    pattern: '^[0-9]+(Mi|Gi)$',
    expected: 'a memory quantity such as 500Mi',
    default: quantity,
    description: 'Memory.',
  }) as const;

/** What a pod asks for. */
export const requests = <const Cpu extends string, const Memory extends string>(ofCpu: Cpu, ofMemory: Memory) =>
  ({
    ...SECTION,
    description: 'What a pod asks for.',
    properties: { cpu: cpu(ofCpu), memory: memory(ofMemory) },
  }) as const;
