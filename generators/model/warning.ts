/** Something about the configuration that is no mistake, and that whoever wrote it may not have meant. */
export interface Note {
  /** `no effect`: nothing that is written depends on the settings. `doubtful`: they may not fit each other. */
  readonly kind: 'no effect' | 'doubtful';
  /** Paths of settings, such as `cilium.version`. */
  readonly settings: readonly string[];
  readonly reason: string;
}
