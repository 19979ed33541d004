import { describe, expect, test } from '@jest/globals';
import { profileProblems } from '../../../generators/components/kube-burner/profiles.ts';
import { templateProblems } from '../../../generators/verify/index.ts';
import { EVERYTHING } from '../../support/everything.ts';
import { generate } from '../../support/generate.ts';
import { lineOf } from '../../support/problems.ts';

describe('templates', () => {
  const values = (replacement: string) => ({
    chart: 'kube-prometheus-stack',
    header: '',
    values: {
      prometheus: { prometheusSpec: { additionalScrapeConfigs: [{ replacement }] } },
      other: '{{ .Anything }}',
    },
    templated: [['prometheus', 'prometheusSpec', 'additionalScrapeConfigs']],
  });

  test('braces are escaped where Helm reads, and nowhere else', () => {
    expect(templateProblems(values('{{`{{`}} x }}'))).toEqual([]);
    expect(templateProblems(values('{{ .Release.Name }}')).map(lineOf)).toEqual([
      expect.stringMatching(
        /^helm-values\/kube-prometheus-stack\.yaml prometheus\.prometheusSpec\.additionalScrapeConfigs: got .* expected braces to be escaped/,
      ),
    ]);
  });

  test('a cluster whose name holds braces is escaped in the values alone', () => {
    const given = { ...EVERYTHING, cluster: { name: '{{ x }}' } };
    expect(generate(given).file('manifests/monitors/retina-pods.yaml')).toContain("replacement: '{{ x }}'");
    const generated = generate({ ...given, monitors: { enabled: false } });
    expect(generated.file('helm-values/kube-prometheus-stack.yaml')).toContain('{{`{{`}} x }}');
    expect(generated.file('manifests/adot-collector.yaml')).toContain("replacement: '{{ x }}'");
  });

  test.each([
    [{ query: 'a[{{.elapsed}}]' }, 0],
    [{ query: 'a[{{.elapse}}]' }, 1],
    [{ query: 'a[{{.elapsed }}]' }, 1],
    [{ expr: 'a[{{.elapsed}}]' }, 1],
    [{ description: '{{$labels.node}}: {{$value}}' }, 0],
    [{ description: '{{ $labels.node | title }}' }, 1],
  ])('of kube-burner: %j has %d problems', (entry, count) => {
    expect(profileProblems([entry])).toHaveLength(count);
  });
});
