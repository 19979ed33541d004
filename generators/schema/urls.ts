/** URLs in settings and options: what may be shown of them, and which hold secrets. Works on text, as a mistake in a URL must not reveal its password. */

/** What replaces a secret. */
const MASK = '***';

/** Writes the mask in place of a secret. */
type Mask = (secret: string) => string;

const hidden: Mask = () => MASK;

/** Keeps the columns of a line, for a caret below it. */
const covered: Mask = (secret) => '*'.repeat(secret.length);

/**
 * A text that is a URL, or should be one, without its secrets: user and password, query, and fragment. Up to the last `@`, as a password may
 * hold any character.
 * @example redactUrl('https://user:pass@host/path?token=x') === 'https://***@host/path?***'
 */
export function redactUrl(text: string, mask: Mask = hidden): string {
  const scheme = text.indexOf('://');
  const start = scheme === -1 ? 0 : scheme + 3;
  const at = Math.max(text.lastIndexOf('@'), start - 1);
  const user = at < start ? '' : `${mask(text.slice(start, at))}@`;
  const rest = text.slice(at + 1);
  const query = rest.search(/[?#]/);
  const shown =
    query === -1 || query === rest.length - 1 ? rest : rest.slice(0, query + 1) + mask(rest.slice(query + 1));
  return text.slice(0, start) + user + shown;
}

/** A value without secrets if it has a scheme, and so is a URL. */
export const redactValue = (text: string): string => (text.includes('://') ? redactUrl(text) : text);

/** A text without the secrets of the URLs in it; each ends at a space or a quote. */
export const redactText = (text: string): string => text.replaceAll(/[^\s"'`<>]+/g, redactValue);

/** A line of a file without the secrets of URLs, of the same length. Its syntax may be broken, so all of the line counts as one URL. */
export function redactLine(line: string): string {
  if (line.includes('://')) return redactUrl(line, covered);
  return line.replaceAll(/[^\s"'`]+(?=@)/g, covered);
}

/** Names of parameters that hold secrets, in lower case without punctuation: whole names, and parts of names. */
const SECRET_NAMES = new Set(['key', 'auth', 'sig', 'sas', 'pass', 'pw', 'code']);
const SECRET_PARTS =
  /token|secret|passw|pwd|apikey|accesskey|privatekey|signature|credential|authorization|bearer|jwt|sessionid/;

function isSecretName(name: string): boolean {
  const plain = name.replaceAll(/%[0-9a-f]{2}/gi, (code) => String.fromCodePoint(Number.parseInt(code.slice(1), 16)));
  const letters = plain.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return SECRET_NAMES.has(letters) || SECRET_PARTS.test(letters);
}

/** Whether a URL has a user, a password, or a parameter that by its name is a token. */
export function holdsSecret(url: string): boolean {
  const [, authority = ''] = /^(?:[^/?#]*:)?\/\/([^/?#]*)/.exec(url) ?? [];
  const [address = ''] = url.split(/[?#]/, 1);
  // A password may hold a slash: `user:a/b@host`.
  const hasPassword = /:[^@]*@/.test(address.slice(address.indexOf('//') + 2)) && address.includes('//');
  const parameters = url.split(/[?#&;]/).slice(1);
  return (
    authority.includes('@') ||
    hasPassword ||
    parameters.some((each) => isSecretName(each.split('=', 1)[0] ?? '') || /:\/\/[^/]*@/.test(each))
  );
}
