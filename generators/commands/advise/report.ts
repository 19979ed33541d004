import { type Advice, type Change, type Finding, type LeftReason, MAX_OVERLOAD } from '../../advise/index.ts';
import type { RoutingPatch } from '../../build/advice.ts';

/** What is said beside the findings. */
export interface Report {
  readonly prometheus: string;
  readonly window: string;
  /** Parts of the window, and the share of it that is recorded. */
  readonly parts: number;
  readonly covered: number;
  /** Of amounts a month. */
  readonly unit: string;
  readonly price: string;
  readonly advice: Advice;
  /** Patches of a finding, in the order of its Services, that of its workload last. */
  readonly patchesOf: (finding: Finding) => readonly RoutingPatch[];
  /** What to write in `azimuth.yaml`; empty where nothing is missing. */
  readonly settings: readonly string[];
  /** What to write there once the endpoints that are advised exist; empty where none is. */
  readonly afterwards: readonly string[];
  readonly notes: readonly string[];
}

const LEFT: Readonly<Record<LeftReason, string>> = {
  headless: 'a Service without an address (headless): its callers choose endpoints themselves',
  partial: 'hints that are incomplete, which callers ignore: see the alert ZoneHintsPartial',
  'caller-unknown': 'either end may be the one that calls, and no change is sure to help',
  'no-service':
    'no Service that could change it: the ends call each other by address, or by a Service that is routed by zone already',
  'no-endpoint': 'too few endpoints, or none in the zone of the callers, and no workload that could have more',
  auto: 'fewer endpoints than the annotation Auto needs: Kubernetes before 1.31 has nothing else',
  outside: 'nodes, and ends outside of the cluster',
  nat: 'NAT gateways on the way to what no gateway endpoint leads to: the internet, and other regions',
};

/** An amount to three digits. */
export const amount = (value: number): string =>
  value === 0 ? '0' : Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 9 });

const percent = (share: number): string => `${share < 0 ? '-' : '+'}${Math.round(Math.abs(share) * 100)} %`;

const named = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${name}`;

const workload = ({
  namespace,
  type,
  workload: name,
}: {
  readonly namespace: string;
  readonly type: string;
  readonly workload: string;
}) => `${type} ${namespace}/${name}`;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const servicesText = (services: readonly { readonly namespace: string; readonly name: string }[]): string =>
  `Service${services.length === 1 ? '' : 's'} ${services.map(named).join(', ')}`;

/** A change in a sentence. */
export function sentence(change: Change): string {
  switch (change.kind) {
    case 'route':
      return `route ${servicesText(change.services)} by zone`;
    case 'replicas': {
      const pods = change.zones.map(({ zone, pods: count }) => `${plural(count, 'pod')} more in ${zone}`).join(', ');
      const and = change.services.length === 0 ? '' : `, and route ${servicesText(change.services)} by zone`;
      return `spread ${workload(change.workload)}: ${pods}${and}`;
    }
    case 'together':
      return `move ${workload(change.workload)} from ${change.from} to ${change.to}, to ${workload(change.with)}`;
    case 'external':
      return `read ${change.name} in ${change.zone} from a replica there, not from ${change.from.join(', ')}`;
    case 'endpoint':
      return `reach ${change.name} by a gateway endpoint of the VPC, not through NAT gateways`;
    default:
      throw new TypeError(`no change ${JSON.stringify(change satisfies never)}`);
  }
}

/** What to know before a change is made. */
export function details(change: Change): readonly string[] {
  switch (change.kind) {
    case 'route': {
      const loads = change.loads.map(
        ({ service, zone, endpoints, overload }) =>
          `${zone}: ${plural(endpoints, 'endpoint')} of ${named(service)}, ${percent(overload)} each`,
      );
      const either =
        change.services.length > 1
          ? ['flows do not show which end calls: all of them, or the saving is not certain']
          : [];
      return [`load of an endpoint beside the mean of today: ${loads.join('; ')}`, ...either];
    }
    case 'replicas':
      return ['only if its pods can stand in for each other; what they cost is not subtracted'];
    case 'together':
      return ['by pod affinity, or a node selector for the zone; what then crosses zones is subtracted'];
    case 'external':
      return ['only what may be read a little late; the replica and what it replicates are not subtracted'];
    case 'endpoint':
      return [
        `free: aws ec2 create-vpc-endpoint --vpc-id ID --service-name com.amazonaws.${change.region === '' ? 'REGION' : change.region}.s3 (or .dynamodb) --route-table-ids IDs; in Terraform, aws_vpc_endpoint`,
        "in the route tables of the nodes' subnets; connections that are open then break, and what NAT gateways cost an hour is not in the saving",
      ];
    default:
      throw new TypeError(`no change ${JSON.stringify(change satisfies never)}`);
  }
}

const patchText = ({ path, listed, sets }: RoutingPatch): string =>
  `${path}${sets === undefined ? '' : `, ${sets}`} (${listed ? 'apply it' : 'not generated yet'})`;

/** What all findings save together. */
const savedBy = ({ findings }: Advice): number => findings.reduce((sum, { saves }) => sum + saves.value, 0);

const headline = ({ window, parts, covered, price, prometheus }: Report): string =>
  `over the last ${window} in ${plural(parts, 'part')}, ${Math.round(covered * 100)} % of it recorded, from ${prometheus}; ${price}`;

const sumLine = ({ advice, unit }: Report): string =>
  `together ${amount(savedBy(advice))} of the ${amount(advice.total)} ${unit} a month across zones${advice.nat > 0 ? ' and through NAT gateways' : ''}`;

const leftLines = ({ advice, unit }: Report): readonly string[] =>
  advice.left
    .filter((each) => each.amount > 0)
    .map(
      ({ cluster, reason, amount: value }) =>
        `${amount(value)} ${unit}${cluster === '' ? '' : ` in ${cluster}`}: ${LEFT[reason]}`,
    );

const inCluster = ({ cluster }: Finding): string => (cluster === '' ? '' : ` (${cluster})`);

/** As text for a terminal. */
export function asText(report: Report): readonly string[] {
  const { advice, unit, patchesOf, settings, afterwards, notes } = report;
  const rows = advice.findings.map((finding) => ({
    cells: [amount(finding.saves.value), `${amount(finding.saves.low)} to ${amount(finding.saves.high)}`],
    finding,
  }));
  const header = [`${unit}/month`, 'error bar'];
  const widths = header.map((cell, column) =>
    Math.max(cell.length, ...rows.map(({ cells }) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[], text: string): string =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}  ${text}`;
  const indent = ' '.repeat(widths.reduce((sum, width) => sum + width + 2, 4));
  const found = rows.flatMap(({ cells, finding }) => [
    line(cells, `${sentence(finding.change)}${inCluster(finding)}`),
    ...details(finding.change).map((text) => indent + text),
    ...patchesOf(finding).map((patch) => `${indent}patch: ${patchText(patch)}`),
  ]);
  const left = leftLines(report);
  return [
    advice.findings.length === 0
      ? `nothing to advise, ${headline(report)}`
      : `changes that save most, ${headline(report)}`,
    ...(found.length === 0 ? [] : [line(header, 'change'), ...found, `  ${sumLine(report)}`]),
    ...(left.length === 0 ? [] : ['not advised', ...left.map((text) => `  ${text}`)]),
    ...notes.map((note) => `note: ${note}`),
    ...(settings.length === 0
      ? []
      : ['to generate the patches, in azimuth.yaml', ...settings.map((text) => `  ${text}`)]),
    ...(afterwards.length === 0
      ? []
      : ['once the endpoint is there, in azimuth.yaml', ...afterwards.map((text) => `  ${text}`)]),
  ];
}

/** Text of a cell in Markdown. */
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

/** As Markdown, for an issue or a pull request. */
export function asMarkdown(report: Report): readonly string[] {
  const { advice, unit, patchesOf, settings, afterwards, notes } = report;
  const rows = advice.findings.map((finding) => {
    const { value, low, high } = finding.saves;
    const patches = patchesOf(finding).map(({ path, listed }) => `\`${path}\`${listed ? '' : ' (not generated yet)'}`);
    const what = [`${sentence(finding.change)}${inCluster(finding)}`, ...details(finding.change)].join('<br>');
    return `| ${[amount(value), `${amount(low)} to ${amount(high)}`, cell(what), patches.join('<br>')].join(' | ')} |`;
  });
  const left = leftLines(report);
  return [
    '## Changes that save most of the traffic across zones',
    '',
    `${headline(report)}.`,
    '',
    ...(rows.length === 0
      ? ['Nothing to advise.']
      : [
          `| ${unit} a month | error bar | change | patch |`,
          '| --: | --: | --- | --- |',
          ...rows,
          '',
          `${sumLine(report)}.`,
        ]),
    ...(left.length === 0 ? [] : ['', 'Not advised:', '', ...left.map((text) => `- ${text}`)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `Note: ${note}.`)]),
    ...(settings.length === 0 ? [] : ['', 'In `azimuth.yaml`:', '', '```yaml', ...settings, '```']),
    ...(afterwards.length === 0
      ? []
      : ['', 'Once the endpoint is there, in `azimuth.yaml`:', '', '```yaml', ...afterwards, '```']),
  ];
}

/** As JSON. Amounts are a month's, in `unit`. */
export const asJson = (report: Report): object => ({
  prometheus: report.prometheus,
  window: report.window,
  parts: report.parts,
  covered: report.covered,
  unit: report.unit,
  price: report.price,
  maxOverload: MAX_OVERLOAD,
  total: report.advice.total,
  nat: report.advice.nat,
  findings: report.advice.findings.map((finding) => ({
    ...finding,
    text: sentence(finding.change),
    patches: report.patchesOf(finding).map(({ path, listed, sets }) => ({ path, listed, sets })),
  })),
  left: report.advice.left.map((each) => ({ ...each, text: LEFT[each.reason] })),
  settings: report.settings,
  afterwards: report.afterwards,
  notes: report.notes,
});
