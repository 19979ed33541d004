import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { complaints } from '../../../support/problems.ts';
import { readLabels, retinaExported } from '../../../support/exported.ts';
import { generate } from '../../../support/generate.ts';

const built = (given: object = {}, flows: object = {}) =>
  generate({ flows: { source: 'retina-standard', ...flows }, retina: given });

const spec = (given: object) => load(built(given).file('manifests/metrics-configuration.yaml'));

describe('Retina in standard mode exports exactly what the rules read', () => {
  test.each(['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.2.6'])('as of %s', (version) => {
    const generated = built({ version });
    const exported = retinaExported(generated);
    expect(exported).toEqual(readLabels(generated));
    const zoned = Object.values(exported).every((labels) => labels.includes('source_zone'));
    expect(zoned).toBe(['v1.2.0', 'v1.2.6'].includes(version));
  });

  test.each([[['bytes']], [['packets']], [['bytes', 'packets']]])('in the units %j', (units) => {
    const generated = built({}, { units });
    expect(retinaExported(generated)).toEqual(readLabels(generated));
  });

  test('with custom matchers', () => {
    const generated = built({}, { select: 'direction="INGRESS",is_reply="false"' });
    expect(retinaExported(generated)).toEqual(readLabels(generated));
  });
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
