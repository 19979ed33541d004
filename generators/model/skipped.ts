/** Something that the configuration or the chosen source cannot give, and why. Never emitted to show nothing. */
export interface Omission {
  readonly what: string;
  readonly reason: string;
}
