import { KUBERNETES_NAME, PORT } from './formats.ts';

/** The label by which a scrape job finds pods, with its default value. */
export const app = <const Name extends string>(name: Name, label: string) =>
  ({ ...KUBERNETES_NAME, default: name, description: `Value of the label ${label} on its pods.` }) as const;

/** A port that is scraped, with its default. */
export const port = <const Port extends number>(number: Port, what: string) =>
  ({ ...PORT, default: number, description: `Port of ${what}.` }) as const;
