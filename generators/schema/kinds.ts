import type { Schema } from './objects.ts';
import type { Problem } from './problems.ts';

/** How documents of one kind are checked. */
export interface Kind {
  /** Makes the schema; called when the first document of the kind comes by. */
  readonly schema: () => Schema;
  /** Semantic checks: documents inside the document, and parts that must fit each other. Run where the schema found nothing. */
  readonly check?: (document: object) => readonly Problem[];
}

/** Kinds by `apiVersion kind`, such as `v1 ConfigMap`. */
export type Kinds = Readonly<Record<string, Kind>>;
