import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { namedSchema, ProblemError, redactText, redactUrl } from '../../generators/index.ts';
import { show } from '../../generators/schema/problems.ts';
import { parseUpstream } from '../../generators/schema/upstream.ts';
import { LINE } from '../../generators/schema/formats.ts';
import { value } from '../../generators/schema/settings.ts';
import { catalogue, generate } from '../support/generate.ts';
import { problemsOf, problemsOfYaml } from '../support/problems.ts';
import { run } from '../support/run-main.ts';
import { inTempDir } from '../support/temp-dir.ts';

interface Node {
  readonly type?: unknown;
  readonly publicUrl?: boolean;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}

/** All settings of a schema by their paths; items of a list have the path of the list. */
function settingsIn(node: Node, path: readonly string[] = []): (readonly [path: readonly string[], node: Node])[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([name, child]) => settingsIn(child, [...path, name]));
  return [[path, node], ...(node.items === undefined ? [] : settingsIn(node.items, path)), ...inner];
}

const NAMES_A_URL = /(?:url|uri|href|link|endpoint)s?$/i;

/** Settings that are URLs by their name, but not by their format. */
const unmarked = (schema: Node): string[] =>
  settingsIn(schema)
    .filter(([path, node]) => NAMES_A_URL.test(path.at(-1) ?? '') && node.type === 'string' && node.publicUrl !== true)
    .map(([path]) => path.join('.'));

const SCHEMA = namedSchema(catalogue) as Node;
const URL_SETTINGS = settingsIn(SCHEMA)
  .filter(([, node]) => node.publicUrl === true)
  .map(([path]) => path);

/** A configuration that sets one setting. */
const given = (path: readonly string[], text: unknown): object =>
  path.toReversed().reduce<unknown>((inner, name) => ({ [name]: inner }), text) as object;

const asGiven = (path: readonly string[], text: string): object => given(path, path.at(-1) === 'urls' ? [text] : text);

test('every setting that is a URL says so in its format', () => {
  expect(URL_SETTINGS.map((path) => path.join('.'))).toEqual(
    expect.arrayContaining(['grafana.url', 'rules.runbookBaseUrl', 'adot.endpoint', 'cilium.apiServer.urls']),
  );
  expect(unmarked(SCHEMA)).toEqual([]);
  // A setting of another part, as someone could add it.
  const planted = {
    ...SCHEMA.properties,
    webhook: { properties: { webhookUrl: value(LINE, '', 'Where alerts go.') } },
  };
  expect(unmarked({ properties: planted })).toEqual(['webhook.webhookUrl']);
});

describe('schemes', () => {
  const REFUSED = [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>1</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://a/b',
    'blob:https://a/b',
    'localhost:3000',
    'htp://a',
    'https:a',
    'https:///a',
    'https:\\\\a',
    '//a/b',
    '/\\a',
    '\\\\a',
  ];
  test.each(REFUSED)('%s is refused in every setting that becomes a link', (url) => {
    for (const path of URL_SETTINGS) {
      expect(problemsOf(asGiven(path, url)).map((problem) => problem.path)).toEqual([
        expect.stringMatching(new RegExp(`^${path.join('\\.')}`)),
      ]);
    }
  });

  test.each([
    'https://grafana.example.com/grafana/',
    'http://[::1]:3000',
    'https://git.example.com/a/blob/main/docs/runbooks',
    'https://example.com/@team/runbooks',
    "https://example.com/?page='runbooks'&x=#",
    'docs/runbooks',
    '/docs/a:b',
    '',
  ])('%s is a link', (url) => {
    expect(problemsOf({ grafana: { url }, rules: { runbookBaseUrl: url } })).toEqual([]);
  });
});

/** A secret that nothing else contains. */
const secret = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/).map((text) => `5ecr3T${text}`);
const noise = fc.stringMatching(/^[!-~ ]{0,6}$/);
const scheme = fc.constantFrom('http://', 'https://', 'htp://', 'HTTPS://', 'ftp://', 'postgres://');
const host = fc.constantFrom('h', 'prometheus.example.com:9090', '[::1]:9090', '127.0.0.1:99999', '');
const parameter = fc.constantFrom('token', 'access_token', 'api_key', 'apikey', 'X-Amz-Signature', 'sig', 'PASSWORD');

/** URLs with a secret at any place where one can be, most of them broken in some way. */
const planted = secret.chain((hidden) =>
  fc
    .oneof(
      fc.tuple(scheme, noise, host).map(([s, more, h]) => `${s}user:${more}${hidden}${more}@${h}/path`),
      fc.tuple(scheme, host).map(([s, h]) => `${s}${hidden}@${h}`),
      fc.tuple(scheme, host, parameter).map(([s, h, name]) => `${s}${h}/path?a=b&${name}=${hidden}`),
      fc.tuple(scheme, host, parameter).map(([s, h, name]) => `${s}${h}/path#${name}=${hidden}&c=d`),
    )
    .map((url) => ({ hidden, url })),
);

/** The address of Prometheus for people to read, or the message that refuses it. */
function shownAddress(url: string): string {
  try {
    return parseUpstream(url).shown;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a secret in a URL', () => {
  test('is never shown, at whatever place of whatever setting', () => {
    fc.assert(
      fc.property(planted, fc.constantFrom(...URL_SETTINGS), ({ hidden, url }, path) => {
        const values = [asGiven(path, url), given(path, { [url]: url }), given(path, [[url]]), { [url]: 1 }];
        for (const each of values) {
          const problems = problemsOf(each);
          // What is accepted would be written.
          expect(problems).not.toEqual([]);
          expect(new ProblemError(url, problems).message).not.toContain(hidden);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('is never shown in a line that is no YAML', () => {
    fc.assert(
      fc.property(planted, fc.constantFrom('grafana: {{ url: ', '"', 'a: b: ', '\t- '), ({ hidden, url }, before) => {
        const text = `targets: []\n${before}"${url.replaceAll(/["\\]/g, '')}" ]\n`;
        expect(JSON.stringify(problemsOfYaml(text))).not.toContain(hidden);
      }),
      { numRuns: 150 },
    );
  });

  test('is never shown by the address of Prometheus, in a message or to the page', () => {
    fc.assert(
      fc.property(planted, ({ hidden, url }) => {
        expect(shownAddress(url)).not.toContain(hidden);
      }),
    );
    // Without a scheme, too.
    expect(() => parseUpstream('user:5ecr3T@h:9090')).toThrow('got "***@h:9090", expected a URL');
  });

  test('in an argument of the command line is not shown', async () => {
    await inTempDir(async (dir) => {
      const url = 'https://user:5ecr3T@h/?token=5ecr3T';
      for (const argv of [
        [url],
        ['build', url],
        ['build', `--prometeus=${url}`],
        ['build', '--config', url],
        ['build', '--config', url, '--json'],
        ['list', '--prometheus', url],
        ['preview', '--port', url],
      ]) {
        const { code, stdout, stderr } = await run(dir, ...argv);
        expect({ code, argv, leaks: `${stdout}${stderr}`.includes('5ecr3T') }).toEqual({ code: 1, argv, leaks: false });
      }
    });
  });
});

test('a token in a query is refused with the reason, and a query of --prometheus is not dropped', () => {
  expect(problemsOf({ grafana: { url: 'https://h/?access_token=x' } })).toEqual([
    {
      path: 'grafana.url',
      message:
        'got "https://h/?***", expected no user, password or token in it, as everyone can read what is generated',
    },
  ]);
  expect(() => parseUpstream('https://h/?token=x')).toThrow(
    /^Prometheus: got "https:\/\/h\/\?\*\*\*", expected .*"\?"/,
  );
  expect(() => parseUpstream('https://h/#a')).toThrow('only user and password are sent');
});

test.each([
  ['https://user:pass@h/path?token=x', 'https://***@h/path?***'],
  ['https://user:p@ss/w?o#rd@h/path', 'https://***@h/path'],
  ['https://h/path#access_token=x', 'https://h/path#***'],
  ['user:pass@h', '***@h'],
  ['https://h/path', 'https://h/path'],
  ['https://h/?', 'https://h/?'],
  ['', ''],
])('%s is shown as %s', (url, shown) => {
  expect(redactUrl(url)).toBe(shown);
  // Nothing is left to redact.
  expect(redactUrl(shown)).toBe(shown);
});

test('text around URLs stays', () => {
  expect(redactText('see "https://a:b@h/x" and http://h?x=1 at 12:30, a@b')).toBe(
    'see "https://***@h/x" and http://h?*** at 12:30, a@b',
  );
  // The end, which tells a password from a host, would be cut off.
  expect(show(`https://user:${'p'.repeat(80)}@h`)).toBe('"https://***@h"');
});

test('links of the output are as they are given', () => {
  const { bundle } = generate({ grafana: { url: 'https://g.example.com/x' } });
  const links = bundle.ruleFiles.flatMap(({ groups }) =>
    groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => ('alert' in rule ? [rule.annotations['dashboard_url'] ?? ''] : [])),
    ),
  );
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !link.startsWith('https://g.example.com/x/d/'))).toEqual([]);
});
