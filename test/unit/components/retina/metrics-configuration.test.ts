import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { complaints } from '../../../support/problems.ts';
import { packetLabels, readLabels, retinaExported } from '../../../support/exported.ts';
import { generate } from '../../../support/generate.ts';

const built = (given: object = {}, flows: object = {}) =>
  generate({ flows: { source: 'retina-standard', ...flows }, retina: given });

/** What the rules read of flows, and of packets that go wrong beside the labels that Retina adds by itself. */
const read = (generated: ReturnType<typeof built>) => ({
  ...readLabels(generated),
  ...Object.fromEntries(
    Object.entries(packetLabels(generated)).map(([metric, labels]) => [
      metric,
      [...labels, ...(metric.includes('tcpflags') ? [] : ['direction'])].toSorted(),
    ]),
  ),
});

const spec = (given: object) => load(built(given).file('manifests/metrics-configuration.yaml'));

describe('Retina in standard mode exports exactly what the rules read', () => {
  test.each(['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.2.6'])('as of %s', (version) => {
    const generated = built({ version });
    const exported = retinaExported(generated);
    expect(exported).toEqual(read(generated));
    const forwarded = Object.entries(exported).filter(([metric]) => metric.includes('_forward_'));
    const zoned = forwarded.every(([, labels]) => labels.includes('source_zone'));
    expect(zoned).toBe(['v1.2.0', 'v1.2.6'].includes(version));
  });

  test.each([[['bytes']], [['packets']], [['bytes', 'packets']]])('in the units %j', (units) => {
    const generated = built({}, { units });
    expect(retinaExported(generated)).toEqual(read(generated));
  });

  test('with custom matchers', () => {
    const generated = built({}, { select: 'direction="INGRESS",is_reply="false"' });
    expect(retinaExported(generated)).toEqual(read(generated));
  });
});

test('without packets that go wrong, only flows are exported, and the plugin for retransmissions is off', () => {
  const flows = { source: 'retina-standard' };
  const off = generate({ flows, flowPipeline: { packets: false } });
  expect(Object.keys(retinaExported(off))).toEqual(Object.keys(readLabels(off)));
  const plugins = (generated: ReturnType<typeof built>) =>
    (load(generated.file('helm-values/retina.yaml')) as { enabledPlugin_linux: string }).enabledPlugin_linux;
  expect(plugins(off)).not.toContain('tcpretrans');
  expect(plugins(generate({ flows }))).toContain('"tcpretrans"');
});

describe('the namespaces', () => {
  const exactly = (namespaces: object) => expect.objectContaining({ spec: expect.objectContaining({ namespaces }) });

  test('are all by default: exactly one list, which is not empty and excludes nothing', () => {
    expect(spec({})).toEqual(exactly({ exclude: ['azimuth-leaves-out-none'] }));
  });

  test.each([{ include: ['a', 'b'] }, { exclude: ['kube-system'] }])('are %j', (namespaces) => {
    expect(spec({ namespaces })).toEqual(exactly(namespaces));
  });

  test.each([
    [
      { namespaces: { include: ['a'], exclude: ['b'] } },
      /^retina\.namespaces: got .* expected include or exclude, not both$/,
    ],
    [
      { version: 'v1.1.0', namespaces: { exclude: ['b'] } },
      /^retina\.namespaces\.exclude: .* v1\.2\.0 or newer, as v1\.1\.0 ignores it$/,
    ],
    [{ version: 'v0.0.36' }, /^retina\.version: got "v0\.0\.36", expected v1\.0\.0 or newer for retina-standard/],
  ])('%j is refused', (retina, message) => {
    expect(complaints({ flows: { source: 'retina-standard' }, retina })).toEqual([expect.stringMatching(message)]);
    expect(complaints({ retina })).toEqual([]);
  });
});
