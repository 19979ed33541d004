/** How the agents that observe a cluster are. Nodes by name. */
export interface Observer {
  /** Their agents do not answer. */
  readonly down?: readonly string[];
  /** Its agent loses this share (0 to 1) of what it sees. */
  readonly losing?: { readonly node: string; readonly share: number };
  /** Series that each agent replaces by others between two scrapes. */
  readonly churn?: number;
}
