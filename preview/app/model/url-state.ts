/** What the page's address says. */
export interface UrlState {
  /** The time range as it is written: `now-6h`, Unix milliseconds. Undefined is the dashboard's own. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** How often to ask again, such as `30s`; the empty text is never, undefined the dashboard's own. */
  readonly refresh: string | undefined;
  readonly theme: 'dark' | 'light' | undefined;
  /** Without navigation, for pictures. */
  readonly kiosk: boolean;
  /** Chosen values by the variable's name; `$__all` is All. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
}

const PREFIX = 'var-';

/** The state in the query part of an address, with or without `?`; parameters that the page does not know are left out. */
export function readUrl(search: string): UrlState {
  const parameters = new URLSearchParams(search);
  const given = (name: string): string | undefined => parameters.get(name) ?? undefined;
  const theme = given('theme');
  const names = [...new Set(parameters.keys())].filter((name) => name.startsWith(PREFIX) && name !== PREFIX);
  return {
    from: given('from'),
    to: given('to'),
    refresh: given('refresh'),
    theme: theme === 'dark' || theme === 'light' ? theme : undefined,
    kiosk: parameters.has('kiosk') && !['false', '0'].includes(parameters.get('kiosk') ?? ''),
    variables: new Map(names.map((name) => [name.slice(PREFIX.length), parameters.getAll(name)])),
  };
}

/** The query part of an address that says this state, with its `?`; empty when there is nothing to say. */
export function writeUrl(state: UrlState): string {
  const parameters = new URLSearchParams();
  for (const name of ['from', 'to', 'refresh', 'theme'] as const) {
    const value = state[name];
    if (value !== undefined) parameters.set(name, value);
  }
  if (state.kiosk) parameters.set('kiosk', 'true');
  for (const [name, values] of state.variables)
    for (const value of values) parameters.append(`${PREFIX}${name}`, value);
  const search = parameters.toString();
  return search === '' ? '' : `?${search}`;
}
