import { describe, expect, test } from '@jest/globals';
import { assert, dictionary, property, string, stringMatching } from 'fast-check';
import { answersOf } from '../../../conformance/shared/evaluate.ts';
import { parseLabels, parseRecording, type Recording, recordingText } from '../../../conformance/shared/recording.ts';
import { inUnit, pairVolumes } from '../../../conformance/shared/recording-truth.ts';

const side = (bytes: number, packets: number) => ({ bytes, packets });
const pod = (node: string, last: number, name: string) => ({
  node,
  addresses: [`10.0.0.${last}`],
  workload: `Deployment/${name}`,
});

const RECORDING: Recording = {
  title: 'two pods',
  source: 'obi',
  version: 'v0',
  evidence: 'measured',
  date: '2026-11-29',
  repeat: 'by hand',
  topology: 'routed',
  offloads: 'off',
  masquerade: false,
  bytes: 'ethernet',
  nodes: { n1: { zone: 'zone-a', addresses: ['172.30.0.1'] }, n2: { zone: 'zone-b', addresses: ['172.30.0.2'] } },
  pods: { 'shop/web': pod('n1', 1, 'web'), 'shop/db': pod('n2', 2, 'db'), 'shop/api': pod('n2', 3, 'api') },
  services: { 'shop/api-svc': '10.96.0.1' },
  traffic: [
    { client: 'shop/web', server: 'shop/db' },
    { client: 'shop/web', server: 'shop/api', via: 'shop/api-svc' },
    { client: 'outside', server: 'shop/api' },
  ],
  truth: {
    'shop/web': { tx: side(300, 3), rx: side(900, 9) },
    'shop/db': { tx: side(500, 5), rx: side(100, 1) },
    'shop/api': { tx: side(1_000, 10), rx: side(250, 4) },
  },
  series: [
    { node: 'n1', metric: 'a_total', labels: { x: 'plain', y: '' }, change: 2_093_068 },
    { node: '-', metric: 'b_total', labels: {}, change: 1 },
  ],
};

/** The message about a recording as text, with this piece of it replaced. */
function complaint(from: string, to: string): string {
  const good = recordingText(RECORDING);
  expect(good).toContain(from);
  try {
    parseRecording('x.txt', good.replace(from, to));
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'accepted';
}

describe('a recording', () => {
  test('is read as it was written', () => {
    expect(parseRecording('x.txt', recordingText(RECORDING))).toEqual(RECORDING);
  });

  test('keeps any label', () => {
    assert(
      property(dictionary(stringMatching(/^[a-z_][a-z0-9_]{0,9}$/), string({ unit: 'binary' })), (labels) => {
        const series = [{ node: 'n1', metric: 'a_total', labels, change: 0.5 }];
        expect(parseRecording('x.txt', recordingText({ ...RECORDING, series })).series).toEqual(series);
      }),
    );
  });

  test.each([
    ['source: obi', 'source: oby', 'source: must be equal to one of the allowed values'],
    ['offloads:', 'offload:', "must have required property 'offloads'"],
    ['{node: n1,', '{node: n9,', 'pods.shop/web.node: got "n9", expected a node of the header'],
    ['via: shop/api-svc', 'via: shop/apisvc', 'traffic.1.via: got "shop/apisvc", expected a Service of the header'],
    ['client: outside', 'client: outsid', 'traffic.2: got "outsid", expected a pod or node of the header, or outside'],
    ['  shop/db: {tx', '  shop/dx: {tx', 'truth: has nothing about the pod shop/db'],
    [
      'n1 a_total',
      'n7 a_total',
      'got "n7 a_total{x=\\"plain\\",y=\\"\\"} 2093068", expected NODE metric{labels} change',
    ],
    ['y=""', 'y=', 'expected NODE metric{labels} change'],
    [' 2093068', ' many', 'expected NODE metric{labels} change'],
    ['---\n', '', 'expected a header, one line "---", then series'],
  ])('with %j as %j is refused', (from, to, message) => {
    expect(complaint(from, to)).toContain(message);
  });

  test('is refused with all problems at once, and their lines', () => {
    const message = complaint('shop/api-svc}', 'shop/none}\n  - {client: n1, server: n8}');
    expect(message).toMatch(/2 problems[^]*shop\/none[^]*"n8"/);
    const at = recordingText(RECORDING).split('\n').indexOf('- b_total 1') + 1;
    expect(complaint('- b_total 1', 'b_total 1')).toContain(`line ${at}: got "b_total 1"`);
  });
});

test('labels that are none are undefined', () => {
  expect(parseLabels('a="1", b="x\\"y"')).toEqual({ a: '1', b: 'x"y' });
  expect(parseLabels('a=1')).toBeUndefined();
});

describe('the volume of a pair', () => {
  test('follows from pods with one peer, then from the others', () => {
    expect(
      Object.fromEntries(
        pairVolumes(RECORDING).map(({ source, destination, volume }) => [`${source} > ${destination}`, volume]),
      ),
    ).toEqual({
      'shop/db > shop/web': side(500, 5),
      'shop/web > shop/db': side(100, 1),
      'shop/web > shop/api': side(200, 2),
      'shop/api > shop/web': side(400, 4),
      'shop/api > outside': side(600, 6),
      'outside > shop/api': side(50, 2),
    });
  });

  test('is unknown in a ring', () => {
    const ring = { ...RECORDING, traffic: [...RECORDING.traffic, { client: 'shop/db', server: 'shop/api' }] };
    expect(() => pairVolumes(ring)).toThrow('the interfaces do not tell what shop/web and shop/db');
  });

  test('is what the agent counts: with or without the Ethernet header, merged or not', () => {
    const volume = side(14_600, 10);
    expect(inUnit(RECORDING, 'network_bytes', volume)).toBe(14_600);
    expect(inUnit({ ...RECORDING, bytes: 'ip' }, 'network_bytes', volume)).toBe(14_460);
    expect(inUnit(RECORDING, 'network_flows', volume)).toBe(10);
    expect(inUnit({ ...RECORDING, offloads: 'on' }, 'network_flows', side(144_866, 1))).toBe(100);
  });
});

describe('answers over rules', () => {
  const RULES = 'groups: [{ name: a, rules: [{ record: "a:b", expr: "sum by (x) (m)" }] }]';
  const input = (queries: readonly string[]) => ({
    step: 60,
    series: [
      { series: String.raw`m{x="a \"b\", {c}", y="1"}`, values: '1 1 1' },
      { series: 'm{x="d", y="2"}', values: '0.25 0.25 0.25' },
    ],
    queries,
  });

  test('are those of the rules; none for what is not there', async () => {
    const answers = await answersOf([RULES], [input(['a:b', 'sum(m{y=~"1|2"})']), input(['nothing'])], 120);
    expect(Object.fromEntries(answers)).toEqual({
      'a:b': [
        { labels: { __name__: 'a:b', x: 'a "b", {c}' }, value: 1 },
        { labels: { __name__: 'a:b', x: 'd' }, value: 0.25 },
      ],
      'sum(m{y=~"1|2"})': [{ labels: {}, value: 1.25 }],
      nothing: [],
    });
    expect([...(await answersOf([RULES], [input(['nothing'])], 120)).values()]).toEqual([[]]);
  });

  test('are an error where promtool refuses the rules', async () => {
    await expect(answersOf(['groups: [{ name: a, rules: [{ expr: "(" }] }]'], [input(['m'])], 120)).rejects.toThrow(
      /promtool test rules: exit code 1/,
    );
  });
});
