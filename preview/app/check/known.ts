/** Names that only exist at run time; whoever has loaded Grafana's packages passes them in. */
export interface Known {
  /** Panel types that can be drawn, without rows. */
  readonly panelTypes: readonly string[];
  /** Ids of the registered transformations. */
  readonly transformations: readonly string[];
  /** Ids of units, or null where they are not to be checked. Units of one's own, such as `suffix: flows`, need not be among them. */
  readonly units: readonly string[] | null;
  /** Ids of reducers, such as `lastNotNull`. */
  readonly reducers: readonly string[];
  /** Ids of matchers of fields, such as `byName`. */
  readonly fieldMatchers: readonly string[];
  /** Ids of the ways to colour a field, such as `thresholds`. */
  readonly colorModes: readonly string[];
}
