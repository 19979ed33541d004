import type { PageEvents } from './faults.ts';
import type { Page } from './playwright.ts';

/** A violation of the page's policy, as the script of `browser.ts` records it. */
export interface Violation {
  /** The address, or a word such as `inline` or `eval`. */
  readonly blocked: string;
  readonly directive: string;
}

const LONGEST_MESSAGE = 300;

// Chrome also writes these to the console; they are known from the answer and from the recorded violation.
const TOLD_OTHERWISE = /^Failed to load resource: |Content Security Policy/;

const short = (text: string): string => {
  const [line = ''] = text.trim().split('\n');
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}...` : line;
};

/** Whether the address is one that leaves the server's origin; `data:` and `blob:` stay in the page. */
function isExternal(url: string, origin: string): boolean {
  return URL.canParse(url) && !/^(?:data|blob|about):/.test(url) && new URL(url).origin !== origin;
}

/** Listens to a page from now on. The function returned tells what has happened so far; it is given the violations of its policy. */
export function listenTo(page: Page, origin: string): (violations: readonly Violation[]) => PageEvents {
  const errors: string[] = [];
  const external: string[] = [];
  const refused: string[] = [];
  const failedQueries: string[] = [];

  page.on('pageerror', ({ message }) => errors.push(short(message)));
  page.on('crash', () => errors.push('the page crashed'));
  page.on('console', (message) => {
    if (message.type() === 'error' && !TOLD_OTHERWISE.test(message.text())) errors.push(short(message.text()));
  });
  page.on('request', (request) => {
    if (isExternal(request.url(), origin)) external.push(short(request.url()));
  });
  page.on('response', (response) => {
    if (response.status() < 400 || isExternal(response.url(), origin)) return;
    const { pathname } = new URL(response.url());
    const list = pathname.startsWith('/prometheus/') ? failedQueries : refused;
    list.push(`${pathname} answered with status ${response.status()}`);
  });

  return (violations) => {
    const [outside, inside] = [true, false].map((wanted) =>
      violations.filter(({ blocked }) => isExternal(blocked, origin) === wanted),
    ) as [Violation[], Violation[]];
    // Libraries (zod, for one) try whether they may compile code and go another way; where one cannot, the error is an uncaught one.
    const forbidden = inside.filter(({ blocked }) => blocked !== 'eval');
    return {
      errors: [
        ...errors,
        ...forbidden.map(({ blocked, directive }) => `the page's policy forbids ${blocked} (${directive})`),
      ],
      external: [...external, ...outside.map(({ blocked }) => short(blocked))],
      refused,
      failedQueries,
    };
  };
}
