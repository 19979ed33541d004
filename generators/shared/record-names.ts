/** Names of records that other domains read too. Domains do not import each other. */

/** Packets per second over an ENA allowance, by interface; the name does not depend on the exporter. */
export const exceededName = <Allowance extends string>(allowance: Allowance) =>
  `metric:${allowance}_allowance_exceeded` as const;
