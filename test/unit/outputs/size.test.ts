import { describe, expect, jest, test } from '@jest/globals';
import {
  completeConfig,
  OUTPUTS,
  type AlertingRule,
  type Artifact,
  type Bundle,
  type RuleFile,
} from '../../../generators/index.ts';
import { promql } from '../../../generators/promql/index.ts';
import { versioned } from '../../../generators/output-dir/lock.ts';
import { verify } from '../../../generators/verify/index.ts';
import { catalogue, generate } from '../../support/generate.ts';
import { thrownBy } from '../../support/packagings.ts';
import { KINDS } from '../../support/registry.ts';

jest.setTimeout(60_000);

const { bundle } = generate();
const expr = promql`vector(1)`;

const alert = (index: number, description: string): AlertingRule => ({
  alert: `Alert${index}`,
  expr,
  for: '5m',
  keepFiringFor: '0s',
  labels: { severity: 'info' },
  annotations: { summary: 'A summary.', description },
  comment: 'One of many.',
});

/** A thousand alerts in groups that rulers take, in one rule file; each has a text of so many characters. */
function thousand(length: number): Bundle {
  const alerts = Array.from({ length: 1000 }, (_, index) => alert(index, 'x'.repeat(length)));
  const groups = Array.from({ length: 50 }, (_, index) => ({
    name: `group-${index}`,
    interval: '1m',
    rules: alerts.slice(20 * index, 20 * index + 20),
  }));
  const file: RuleFile = { name: 'many', header: 'Many.', groups };
  return { ...bundle, ruleFiles: [file] };
}

/** The bundle with one dashboard, whose description has so many bytes. */
const large = (bytes: number): Bundle => ({
  ...bundle,
  dashboards: bundle.dashboards
    .filter(({ uid }) => uid === 'zone-traffic')
    .map((dashboard) => ({ ...dashboard, description: 'x'.repeat(bytes) })),
});

/** The files that an output makes of a bundle. */
function emitted(id: string, of: Bundle, given: object = {}): readonly Artifact[] {
  const config = completeConfig('test', { amp: { workspaceId: 'ws-1' }, ...given }, catalogue);
  const output = OUTPUTS.find((one) => one.id === id);
  return versioned(output?.bind(config).emit(of) ?? [], []).slice(0, -1);
}

const textsOf = (...args: Parameters<typeof emitted>): readonly string[] => emitted(...args).map(({ text }) => text);

/** Why the build would stop over the files of one output. Queries take time and are none of these tests. */
const problem = (id: string, of: Bundle, given?: object) =>
  thrownBy(() => {
    verify({ ...of, ruleFiles: [], dashboards: [] }, emitted(id, of, given), KINDS);
  });

const CLIENT_SIDE = { packaging: { apply: 'client-side' } };
const ADVICE =
  /# Apply with --server-side: the copy that client-side apply keeps in an annotation has [\d,]+ bytes, and annotations may have 262,144 bytes\.\n/;
/** Comments wrap; a line that begins in lower case goes on. */
const oneLine = (text: string) => text.replaceAll(/\n# (?=[a-z0-9])/g, ' ');

describe('a thousand alerts', () => {
  test('fit every packaging', () => {
    for (const id of ['prometheus', 'prometheus-operator', 'amp']) {
      expect(
        textsOf(id, thousand(50))
          .join('')
          .match(/alert: Alert\d+$/gm),
      ).toHaveLength(1000);
    }
  });

  test('are refused where the operator would refuse them', () => {
    expect(problem('prometheus', thousand(1000))).toBeUndefined();
    expect(problem('prometheus-operator', thousand(1000))).toMatch(
      /^generated artifacts: 1 problem\n {2}rules\/prometheus-operator\/many\.yaml: got 1,\d{3},\d{3} bytes, expected at most 524,288 bytes for one PrometheusRule/,
    );
  });

  test('are refused where AMP would refuse them', () => {
    expect(problem('amp', thousand(50), { amp: { workspaceId: 'ws-1', quotas: { rules: 1000 } } })).toBeUndefined();
    expect(problem('amp', thousand(50), { amp: { workspaceId: 'ws-1', quotas: { rules: 999 } } })).toBe(
      'generated artifacts: 1 problem\n' +
        '  rules/amp: got 1,000 rules, expected at most 999 rules for the workspace (amp.quotas.rules)',
    );
    // Once, though every file counts towards it.
    expect(bundle.ruleFiles.length).toBeGreaterThan(1);
    expect(problem('amp', bundle, { amp: { workspaceId: 'ws-1', quotas: { rules: 1 } } })).toMatch(
      /^generated artifacts: 1 problem\n {2}rules\/amp: got \d+ rules, expected at most 1 rules/,
    );
    expect(problem('amp', thousand(1000))).toMatch(
      /rules\/amp\/many\.yaml: got [\d,]+ bytes, expected at most 1,000,000 bytes for one file of AMP \(amp\.quotas\.fileBytes\)$/,
    );
    expect(
      problem('amp', thousand(1000), { amp: { workspaceId: 'ws-1', quotas: { fileBytes: 2e6 } } }),
    ).toBeUndefined();
  });

  test('are refused where client-side apply would fail', () => {
    for (const id of ['prometheus-operator', 'amp']) {
      expect(problem(id, thousand(200), CLIENT_SIDE)).toMatch(
        /many\.yaml: got [\d,]+ bytes, expected at most 262,144 bytes for the annotation of client-side apply/,
      );
      expect(problem(id, thousand(200))).toBeUndefined();
    }
  });
});

describe('a large dashboard', () => {
  const MIB = 1_048_576;
  const rest = Buffer.byteLength(textsOf('grafana', large(0)).join(''));

  test('fits a ConfigMap to the byte, and is refused above', () => {
    // A version may grow to six digits without a change of the outcome.
    const most = MIB - rest - 5;
    expect(problem('grafana-sidecar', large(most))).toBeUndefined();
    expect(problem('grafana-sidecar', large(most + 1))).toBe(
      'generated artifacts: 1 problem\n  dashboards/configmaps/zone-traffic.yaml: got ' +
        '1,048,577 bytes, expected at most 1,048,576 bytes for the data of a ConfigMap',
    );
  });

  test('fits a GrafanaDashboard as long as etcd takes it', () => {
    expect(problem('grafana-operator', large(MIB))).toBeUndefined();
    expect(problem('grafana-operator', large(2 * MIB))).toMatch(
      /zone-traffic\.yaml: got [\d,]+ bytes, expected at most 1,572,864 bytes for the object, which etcd stores$/,
    );
  });

  test.each(['grafana-sidecar', 'grafana-operator'])('is refused where client-side apply would fail: %s', (id) => {
    expect(problem(id, large(262_144), CLIENT_SIDE)).toMatch(/zone-traffic\.yaml: got .* 262,144 bytes/);
    expect(problem(id, large(100), CLIENT_SIDE)).toBeUndefined();
  });

  test.each(['grafana-sidecar', 'grafana-operator'])('says how it must be applied when it is near: %s', (id) => {
    const texts = (bytes: number) => textsOf(id, large(bytes)).map(oneLine).join('');
    expect(texts(100)).not.toContain('Apply with');
    for (const bytes of [200_000, 300_000]) expect(ADVICE.test(texts(bytes))).toBe(true);
  });

  test('all that are too large are named', () => {
    const both: Bundle = {
      ...bundle,
      dashboards: bundle.dashboards.map((one) => ({ ...one, description: 'é'.repeat(MIB / 2) })),
    };
    const text = problem('grafana-sidecar', both) ?? '';
    for (const { uid } of bundle.dashboards) expect(text).toContain(`dashboards/configmaps/${uid}.yaml: got `);
  });

  test('with a uid of more than 40 characters is refused', () => {
    const named = (uid: string): Bundle => ({
      ...bundle,
      dashboards: bundle.dashboards.slice(0, 1).map((one) => ({ ...one, uid })),
    });
    expect(problem('grafana-operator', named('x'.repeat(40)))).toBeUndefined();
    expect(problem('grafana-operator', named('x'.repeat(41)))).toContain(
      `spec.json > uid: got "${'x'.repeat(41)}", expected a uid: up to 40 letters`,
    );
  });
});

test('the copy of client-side apply is measured as kubectl writes it', () => {
  // Go writes <, > and & as six characters: 60,000 of them alone are too many.
  const escaped = (character: string): Bundle => ({
    ...bundle,
    dashboards: bundle.dashboards.slice(0, 1).map((one) => ({ ...one, description: character.repeat(60_000) })),
  });
  expect(problem('grafana-sidecar', escaped('x'), CLIENT_SIDE)).toBeUndefined();
  expect(problem('grafana-sidecar', escaped('&'), CLIENT_SIDE)).toMatch(/262,144/);
});
