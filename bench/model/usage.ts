/** What a container may use, as its pod says; absent where it says nothing. */
export interface Allotment {
  /** Cores. */
  readonly cpu?: number;
  /** Bytes. */
  readonly memory?: number;
}

/** What a container uses. */
export interface ContainerUsage {
  readonly name: string;
  /** Cores. */
  readonly cpu: number;
  /** Bytes that the kernel cannot drop at once. */
  readonly workingSet: number;
  /** Bytes that its processes have allocated. */
  readonly rss: number;
  /** Share of its CPU periods, from 0 to 1, in which it waits for its quota; only containers with a CPU limit have periods. */
  readonly throttled?: number;
  readonly requests?: Allotment;
  readonly limits?: Allotment;
  /** Restarts so far. */
  readonly restarts?: number;
}

/** What a pod uses. */
export interface PodUsage {
  readonly containers: readonly ContainerUsage[];
  /** Bytes per second over all interfaces; a pod on the host network has those of its node instead. */
  readonly receive: number;
  readonly transmit: number;
}
