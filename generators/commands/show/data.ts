import type { StoryEvent } from '../../../preview/app/model/state.ts';

/** Where the data of shown dashboards comes from. */
export interface Data {
  /** Address of a Prometheus. */
  readonly url: string;
  /** A fixed clock in Unix milliseconds; undefined is the browser's. */
  readonly now?: number;
  readonly story: readonly StoryEvent[];
  /** Takes rules that were generated anew. */
  readonly updateRules: (rules: Readonly<Record<string, string>>) => Promise<void>;
  /** Resolves with a sentence when it ends by itself. */
  readonly died: Promise<string>;
  readonly stop: () => Promise<void>;
}
