import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { applyCases, inAllOutputs } from '../../../conformance/apply/cases.ts';
import { kubeFilesOf } from '../../../conformance/apply/files.ts';
import { chartCases } from '../../../conformance/charts/cases-tools.ts';
import { type Case, generated, repositoryCases } from '../../../conformance/shared/cases.ts';
import { completeConfig, makeBundle } from '../../../generators/index.ts';
import { plain } from '../../../generators/model/tree.ts';
import { catalogue } from '../../support/generate.ts';
import { KINDS } from '../../support/registry.ts';
import { SCENARIOS } from '../../support/scenarios.ts';

/** What a case asks for: no files, which take longer. A case that is refused fails here. */
const bundleOf = ({ name, given }: Case) => makeBundle(completeConfig(name, given, catalogue));

const kindOf = ({ apiVersion, kind }: { readonly apiVersion?: string; readonly kind?: string }): string =>
  `${apiVersion ?? ''} ${kind ?? ''}`;

test('the configuration of the repository and every example are checked', () => {
  expect(
    repositoryCases()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['azimuth.yaml', ...readdirSync('examples').map((name) => `examples/${name}`)].toSorted());
});

describe('the cases', () => {
  test('have names of their own', () => {
    for (const cases of [chartCases, applyCases]) {
      expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    }
  });

  test('have values for every chart that a part of the registry gives', () => {
    const chartsOf = (one: Case): readonly string[] => {
      const { helmValues, valuesWithRules } = bundleOf(one);
      return [...helmValues, ...valuesWithRules].map(({ chart }) => chart);
    };
    const parts = Object.entries(SCENARIOS).map(([name, given]) => ({ name, given: given as Case['given'] }));
    const charts = new Set(parts.flatMap(chartsOf));
    expect(charts.size).toBeGreaterThan(8);
    const covered = new Set(chartCases.flatMap(chartsOf));
    expect([...charts].filter((chart) => !covered.has(chart))).toEqual([]);
  }, 120_000);

  test('have objects of every kind that Azimuth writes', () => {
    const packaged = applyCases
      .slice(0, 1)
      .flatMap(inAllOutputs)
      .flatMap((one) => kubeFilesOf(generated(one)))
      .flatMap((file) => (file.use === 'none' ? [] : [kindOf(file.object)]));
    const made = [...repositoryCases(), ...applyCases].flatMap((one) =>
      bundleOf(inAllOutputs(one)[0]).manifests.map(({ content }) => kindOf(plain(content) as object)),
    );
    const objects = new Set([...packaged, ...made]);
    // Grafana's own API is no cluster's, and ServiceMonitors are left to the charts.
    const wanted = Object.keys(KINDS).filter((kind) => !/^dashboard\.grafana\.app\/|ServiceMonitor$/.test(kind));
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((kind) => !objects.has(kind))).toEqual([]);
  }, 120_000);
});
