import { columns } from './messages.ts';
import { GOES_WITH, OPERANDS, OPTIONS, type OptionName } from './options.ts';

/** What a command is for, and two calls of it. */
interface CommandHelp {
  readonly summary: string;
  readonly examples: readonly [string, string];
}

/** Help of all commands, in the order in which they are listed. */
export const COMMAND_HELP: Readonly<Record<string, CommandHelp>> = {
  init: {
    summary:
      'write a configuration, package.json, .gitignore and a pipeline; ask at most six questions; overwrite nothing',
    examples: ['azimuth init', 'azimuth init zones --prometheus http://127.0.0.1:9090 --ci gitlab'],
  },
  build: {
    summary: 'write the artifacts of the configuration (--check: same as check)',
    examples: ['azimuth build', 'azimuth build --config envs/prod.yaml --out generated'],
  },
  check: {
    summary:
      'write nothing; list missing, changed, stray and foreign files, and an interrupted build; exit 2 if there are any',
    examples: ['azimuth check', 'azimuth check --json'],
  },
  validate: {
    summary: 'check the configuration and what it generates',
    examples: ['azimuth validate', 'azimuth validate --config envs/prod.yaml'],
  },
  list: {
    summary:
      'list artifacts, recorded series, alerts, dashboards, and parts that are left out\n(--sources: all flow sources with their units, granularity and blind spots;\n--prices: the prices that apply, and the price book)',
    examples: ['azimuth list', 'azimuth list --sources'],
  },
  print: {
    summary: 'write nothing; print every artifact as JSON',
    examples: ['azimuth print', 'azimuth print --cluster prod'],
  },
  explain: {
    summary: 'say what a record, an alert, a panel, a metric, a setting or an artifact is, and what it reads',
    examples: ['azimuth explain TrafficLost', 'azimuth explain zone-cost/month --json'],
  },
  diff: {
    summary:
      'show what changed since a Git revision (default: HEAD), or against another folder: by rule, alert, panel and value',
    examples: ['azimuth diff', 'azimuth diff main --markdown --fail-on breaking'],
  },
  preview: {
    summary: 'show the dashboards in a browser, without a Grafana server; rebuild them on every change',
    examples: ['azimuth preview --prometheus http://127.0.0.1:9090', 'azimuth preview --png pictures'],
  },
  demo: {
    summary: 'preview with data of a synthetic cluster, from a temporary Prometheus',
    examples: ['azimuth demo', 'azimuth demo --png pictures --before main'],
  },
  advise: {
    summary: 'list the changes that save most of the traffic across zones, from what a Prometheus has recorded',
    examples: ['azimuth advise --prometheus http://127.0.0.1:9090', 'azimuth advise --window 30d --markdown'],
  },
  completion: {
    summary: 'print a script that completes commands and options in bash, zsh or fish',
    examples: [
      'source <(azimuth completion bash)',
      'azimuth completion fish > ~/.config/fish/completions/azimuth.fish',
    ],
  },
};

/** What an option takes, and what it does. */
const OPTION_HELP: Readonly<Record<OptionName, readonly [value: string, text: string]>> = {
  config: ['FILE', 'the configuration, YAML or a .ts file (default: azimuth.yaml)'],
  out: ['DIR', 'the output folder (default: the folder of the configuration)'],
  cluster: ['NAME', 'the cluster of a fleet that is looked at (default: what all share); init: its name'],
  source: ['NAMES', 'init: what observes traffic, such as retina-hubble,obi'],
  provider: ['NAME', 'init: whose prices apply: aws, gcp, azure or none'],
  region: ['NAME', 'init: the region, such as eu-west-1'],
  exporter: ['NAMES', 'init: what exports the counters of EC2 network limits, such as showmax, or none'],
  ci: ['NAME', 'init: github, gitlab or none'],
  check: ['', 'write nothing, as check does'],
  json: ['', 'print JSON on standard output'],
  quiet: ['', 'print problems only'],
  sources: ['', 'all flow sources with their units, granularity and blind spots'],
  prices: ['', 'the prices that apply, and the price book'],
  prometheus: ['URL', 'the Prometheus that is queried (default: http://127.0.0.1:9090; init: none)'],
  window: ['TIME', 'how far advise looks back (default: 7d)'],
  markdown: ['', 'print Markdown'],
  artifacts: ['', 'compare the committed files, so that changes from an upgrade of Azimuth show too'],
  'fail-on': ['breaking', 'exit 2 if a change is breaking'],
  pictures: ['URL', 'the picture report that the Markdown links to'],
  port: ['PORT', 'port on 127.0.0.1 (default: 19200; 0: any free port)'],
  png: [
    'DIR',
    'take a picture of each dashboard, dark and light, and exit; exit 2 if a panel is empty, fails or is cut off',
  ],
  before: ['REV', 'with --png: compare with the dashboards committed at a Git revision, in DIR/index.html'],
  help: ['', 'print help, of a command where one is named'],
  version: ['', 'print the version'],
};

const EXIT_CODES =
  'exit codes: 0 success, 1 invalid input or a missing program, 2 the output folder differs, a panel is faulty, something breaks, or there is advice';

const shortOf = (name: OptionName): string => {
  const option: object = OPTIONS[name];
  return 'short' in option ? `-${String(option.short)}, ` : '';
};

/** A row for each line of a text; the first one has the name. */
const linesOf = ([name, text]: readonly [string, string]): readonly (readonly [string, string])[] =>
  text.split('\n').map((line, index) => [index === 0 ? name : '', line]);

const optionRow = (name: OptionName): readonly [string, string] => {
  const [value, text] = OPTION_HELP[name];
  return [`${shortOf(name)}--${name}${value === '' ? '' : ` ${value}`}`, text];
};

/** Options of a command; those that go with no command in particular are for all. */
export const optionsOf = (command: string): readonly OptionName[] =>
  (Object.keys(OPTION_HELP) as OptionName[]).filter((name) => GOES_WITH[name]?.includes(command) ?? true);

const callOf = (command: string): string => {
  const operand = OPERANDS[command]?.name;
  return `azimuth ${command}${operand === undefined ? '' : ` ${operand}`}`;
};

/** Help of the whole program. */
const usage = (): string =>
  [
    'usage: azimuth <command> [options]',
    '',
    ...columns(Object.entries(COMMAND_HELP).flatMap(([name, { summary }]) => linesOf([name, summary]))),
    '',
    ...columns((Object.keys(OPTION_HELP) as OptionName[]).map(optionRow)),
    '',
    EXIT_CODES,
    'azimuth <command> --help shows the options of one command, and examples',
    '',
  ].join('\n');

/** Help of one command. */
export function helpOf(command: string): string {
  const help = Object.hasOwn(COMMAND_HELP, command) ? COMMAND_HELP[command] : undefined;
  if (help === undefined) return usage();
  return [
    `usage: ${callOf(command)} [options]`,
    '',
    ...help.summary.split('\n').map((line) => `  ${line}`),
    '',
    ...columns(optionsOf(command).map(optionRow)),
    '',
    'examples:',
    ...help.examples.map((example) => `  ${example}`),
    '',
    EXIT_CODES,
    '',
  ].join('\n');
}

/** What is said of a command line that cannot be understood: what is wrong, how to call it, and where to read more. */
export const misuseText = (misuse: string, command?: string): string =>
  command === undefined || COMMAND_HELP[command] === undefined
    ? `azimuth: ${misuse}\nusage: azimuth <command> [options]\nazimuth --help lists commands and options\n`
    : `azimuth: ${misuse}\nusage: ${callOf(command)} [options]\nazimuth ${command} --help shows its options and examples\n`;
