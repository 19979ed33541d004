import { dump } from 'js-yaml';
import type { OwnPackage } from '../own-package.ts';

/** What is asked, or given as options. Texts are valid: the configuration is checked as a whole. */
export interface Answers {
  readonly name: string;
  /** Ids of flow sources, or `none`. */
  readonly sources: readonly string[];
  readonly provider: string;
  /** Empty where it is not known. */
  readonly region: string;
  /** Ids of exporters of ENA counters, or `none`. */
  readonly exporters: readonly string[];
  readonly ci: 'github' | 'gitlab' | 'none';
  /** Null where there is no such label. */
  readonly label: string | null;
  readonly interval: string;
  readonly device: string;
}

type Settings = Readonly<Record<string, unknown>>;

const oneOrMore = (ids: readonly string[]): string | readonly string[] => (ids.length === 1 ? (ids[0] ?? '') : ids);

/** Settings that differ from their defaults, each with what it is. */
function settingsOf(
  answers: Answers,
  usual: Answers,
): readonly (readonly [section: string, settings: Settings, comment: string])[] {
  const differs = (key: keyof Answers): boolean => JSON.stringify(answers[key]) !== JSON.stringify(usual[key]);
  const part = (key: keyof Answers, name: string, value: unknown): Settings => (differs(key) ? { [name]: value } : {});
  return [
    [
      'cluster',
      { ...part('label', 'label', answers.label), name: answers.name },
      'the label that tells clusters apart, and its value here',
    ],
    ['scrape', part('interval', 'interval', answers.interval), 'as Prometheus scrapes now'],
    ['flows', part('sources', 'source', oneOrMore(answers.sources)), 'what observes traffic: azimuth list --sources'],
    [
      'cloud',
      { ...part('provider', 'provider', answers.provider), ...part('region', 'region', answers.region) },
      'whose prices apply: azimuth list --prices',
    ],
    [
      'ethtool',
      { ...part('exporters', 'exporter', oneOrMore(answers.exporters)), ...part('device', 'device', answers.device) },
      'counters of EC2 network limits; none where nodes are not EC2 instances',
    ],
  ];
}

const flow = (settings: Settings): string => dump(settings, { flowLevel: 0, lineWidth: -1 }).trim();

/** The text of `azimuth.yaml`: only what differs from the defaults. */
export const configurationText = (answers: Answers, usual: Answers): string =>
  [
    '# yaml-language-server: $schema=./azimuth.schema.json',
    '# Everything else has a default. What a setting does: azimuth explain SETTING. All of them: docs/settings.md of the package.',
    ...settingsOf(answers, usual).flatMap(([section, settings, comment]) =>
      Object.keys(settings).length === 0 ? [] : [`${section}: ${flow(settings)} # ${comment}`],
    ),
    '',
  ].join('\n');

const GITHUB = `# Fails where the committed artifacts do not match azimuth.yaml: run "npm run build" and commit.
name: azimuth
on: pull_request
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { fetch-depth: 0 }
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npm ci
      - run: npm run check
      - run: npx azimuth diff "origin/$GITHUB_BASE_REF" --markdown >> "$GITHUB_STEP_SUMMARY"
`;

const GITLAB = `# Fails where the committed artifacts do not match azimuth.yaml: run "npm run build" and commit.
azimuth:
  image: node:22
  variables: { GIT_DEPTH: 0 }
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - npm ci
    - npm run check
    - npx azimuth diff "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
`;

const SCRIPTS = { build: 'azimuth build', check: 'azimuth check' };

const packageText = ({ name, version }: OwnPackage): string =>
  `${JSON.stringify({ private: true, scripts: SCRIPTS, devDependencies: { [name]: version } }, null, 2)}\n`;

/** A file to write, and what to do where it is there already: such files stay as they are. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly otherwise: string;
}

/** The files beside the configuration. */
export const filesFor = ({ ci }: Answers, own: OwnPackage): readonly NewFile[] => [
  {
    path: 'package.json',
    text: packageText(own),
    otherwise: `add the scripts "build": "${SCRIPTS.build}" and "check": "${SCRIPTS.check}", and ${own.name} ${own.version} to devDependencies, if they are not there`,
  },
  {
    path: '.gitignore',
    text: 'node_modules/\n.azimuth/\n',
    otherwise: 'add node_modules/ and .azimuth/, if they are not there',
  },
  ...(ci === 'github'
    ? [{ path: '.github/workflows/azimuth.yml', text: GITHUB, otherwise: 'compare it with docs/gitops.md' }]
    : []),
  ...(ci === 'gitlab'
    ? [{ path: '.gitlab-ci.yml', text: GITLAB, otherwise: 'add a job that runs npm ci && npm run check' }]
    : []),
];
