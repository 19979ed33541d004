/**
 * A part that the configuration or the chosen source cannot provide and that is not generated, and why. `kind` is `alert`, `dashboard`,
 * `panel`, or plain words for anything else, such as `records of cost`.
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

/** The name of a skipped part, such as `zone-traffic/matrix`; undefined for parts that have none. */
export const partName = ({ alert, dashboard, panel }: Skipped): string | undefined =>
  alert ?? (panel === undefined ? dashboard : `${dashboard ?? ''}/${panel}`);

/** Settings that are valid and probably a mistake. */
export interface Warning {
  /** `no effect`: nothing that is written depends on the settings. `doubtful`: they may not fit together. */
  readonly kind: 'no effect' | 'doubtful';
  /** Paths of settings, such as `cilium.version`. */
  readonly settings: readonly string[];
  readonly reason: string;
}
