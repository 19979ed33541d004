/**
 * A part that the configuration or the chosen source cannot give, and why: never emitted to show nothing. `kind` is `alert`, `dashboard`,
 * `panel`, or the plain words for anything else, such as `records of cost`.
 */
export interface Skipped {
  readonly kind: string;
  readonly alert?: string;
  /** Uid of the dashboard. */
  readonly dashboard?: string;
  /** Key of the panel. */
  readonly panel?: string;
  readonly reason: string;
}

/** Something about the configuration that is no mistake, and that whoever wrote it may not have meant. */
export interface Warning {
  /** `no effect`: nothing that is written depends on the settings. `doubtful`: they may not fit each other. */
  readonly kind: 'no effect' | 'doubtful';
  /** Paths of settings, such as `cilium.version`. */
  readonly settings: readonly string[];
  readonly reason: string;
}
