import { describe, expect, test } from '@jest/globals';
import { generate } from '../../support/generate.ts';
import { complaints } from '../../support/problems.ts';

const skipped = (given: object): readonly string[] => generate(given).bundle.skipped.map(({ kind }) => kind);

const COLLECTOR = {
  enabled: true,
  region: 'eu-west-1',
  endpoint: 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write',
};

describe('what nobody would collect is said', () => {
  test.each([
    ['by default', {}, true, true],
    ['without the values of the stack', { targets: ['prometheus', 'helm-values', 'manifests'] }, false, false],
    ['by PodMonitors', { targets: ['manifests'], monitors: { enabled: true } }, true, false],
    ['by the collector', { targets: ['manifests'], adot: COLLECTOR }, true, false],
    [
      'with kube-state-metrics of its own',
      { targets: ['helm-values'], kubeStateMetrics: { standalone: true } },
      false,
      true,
    ],
    ['without flows', { targets: ['prometheus'], flows: { source: 'none' } }, false, false],
    [
      'without a domain that reads it',
      {
        targets: ['prometheus'],
        flows: { source: 'none' },
        workloads: { resources: false },
        controlPlane: { enabled: false },
      },
      false,
      true,
    ],
  ])('%s', (_name, given, isScraped, isExported) => {
    const found = skipped(given);
    expect(found.includes('scrape jobs')).toBe(!isScraped);
    expect(found.includes('what kube-state-metrics must export')).toBe(!isExported);
  });
});

test.each([
  ['', 'grafana.url is empty'],
  ['grafana.example.com', 'grafana.url is no URL'],
  ['https://grafana.example.com', undefined],
])('links into Grafana at "%s"', (url, reason) => {
  const found = generate({ grafana: { url } }).bundle.skipped.filter(({ kind }) => kind.includes('dashboard links'));
  expect(found.map(({ reason: why }) => why)).toEqual(reason === undefined ? [] : [reason]);
});

test.each([
  [{}, 'retina-hubble counts no bytes'],
  [{ source: 'obi', units: ['packets'] }, 'flows.units has no bytes'],
  [{ source: ['retina-hubble', 'obi'], units: ['flows', 'packets'] }, 'flows.units has no bytes'],
  [{ source: 'obi' }, undefined],
])('records of cost from %j', (flows, reason) => {
  const found = generate({ flows }).bundle.skipped.filter(({ kind }) => kind === 'records of cost');
  expect(found.map(({ reason: why }) => why)).toEqual(reason === undefined ? [] : [reason]);
});

test.each([
  ['descheduler.enabled', { descheduler: { enabled: true } }],
  ['kubeStateMetrics.standalone', { kubeStateMetrics: { standalone: true } }],
  ['cilium.values', { flows: { source: 'cilium-hubble' }, cilium: { values: 'full' } }],
])('%s without Helm values is refused', (path, given) => {
  expect(complaints({ ...given, targets: ['prometheus'] })).toEqual([
    `targets: got ["prometheus"], expected helm-values among them, as ${path} asks for some`,
  ]);
  expect(complaints({ ...given, targets: ['prometheus', 'helm-values'] })).toEqual([]);
});
