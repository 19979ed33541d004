/** A regular expression (RE2, as in Prometheus) that matches this text only. */
export const escapeRegex = (text: string): string => text.replace(/[\\^$*+?.()|[\]{}]/g, '\\$&');

/** The inside of a double-quoted PromQL string whose value is this text. */
export const escapeQuoted = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** Percent-encodes `!'()*`, too, which `encodeURI` and `encodeURIComponent` leave, as Grafana does. */
export const strict = (encoded: string): string =>
  encoded.replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** The text without halves of characters, which cannot be encoded. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

/** A part of an address that stands for this text. */
export const percentEncode = (text: string): string => strict(encodeURIComponent(wellFormed(text)));
