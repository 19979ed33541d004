import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../support/run-main.ts';
import { inFolder, treeOf } from '../../support/temp-dir.ts';

describe('commands', () => {
  const FLEET =
    'targets: [prometheus, helm-values, grafana]\nclusters: { production: , staging: { flows: { source: obi } } }\n';

  test('build, check and list a fleet, and one of its clusters', async () => {
    await inFolder({ 'azimuth.yaml': FLEET }, async (dir) => {
      const first = await run(dir, 'build');
      expect(first.code).toBe(0);
      expect(first.stdout).toContain('  new: clusters/staging/helm-values/opentelemetry-ebpf-instrumentation.yaml\n');
      expect(await run(dir, 'check')).toMatchObject({ code: 0, stdout: '' });
      expect((await run(dir, 'build')).stdout).toContain('nothing changed');
      const lists = [await run(dir, 'list'), await run(dir, 'list', '--cluster', 'staging')].map(
        ({ stdout }) => stdout,
      );
      expect(lists[0]).toContain('shared/dashboards/grafana/zone-traffic.json');
      expect(lists[1]).toContain('helm-values/opentelemetry-ebpf-instrumentation.yaml');
      expect(lists[1]).not.toContain('clusters/');
      expect((await run(dir, 'list', '--cluster', 'stagin')).stderr).toBe(
        'azimuth.yaml: 1 problem\n  clusters: has no "stagin", as --cluster says; did you mean staging?\n',
      );
      await writeFile(join(dir, 'azimuth.yaml'), FLEET.replace('production: , ', ''));
      const last = await run(dir, 'build');
      expect(last.stdout).toContain('  removed: clusters/production/helm-values/retina-hubble.yaml\n');
      expect(Object.keys(await treeOf(dir)).filter((path) => path.includes('production'))).toEqual([]);
    });
  });

  test('a cluster that becomes a fleet moves, and the folder of another is refused', async () => {
    await inFolder({ 'azimuth.yaml': '', 'other.yaml': 'cluster: { name: elsewhere }\n' }, async (dir) => {
      expect((await run(dir, 'build')).code).toBe(0);
      const before = await treeOf(dir);
      const refused = await run(dir, 'build', '--config', 'other.yaml');
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toBe(
        'artifacts.lock.json: 1 problem\n  clusters: these files are for production, and the configuration is for elsewhere: ' +
          'build into another folder with --out; if a cluster was renamed, rename it here as well\n',
      );
      expect(await treeOf(dir)).toEqual(before);
      expect((await run(dir, 'check', '--config', 'other.yaml')).stderr).toBe(refused.stderr);
      expect((await run(dir, 'validate', '--config', 'other.yaml')).code).toBe(0);
      expect((await run(dir, 'build', '--config', 'other.yaml', '--out', 'elsewhere')).code).toBe(0);
      await writeFile(join(dir, 'azimuth.yaml'), 'clusters: { production: , staging: }\n');
      expect((await run(dir, 'build')).code).toBe(0);
      const after = Object.keys(await treeOf(dir)).filter((path) => !path.startsWith('elsewhere/'));
      expect(after.filter((path) => /^(rules|helm-values|manifests|dashboards)\//.test(path))).toEqual([]);
    });
  });

  test('what is written stands beside the configuration, wherever the command runs', async () => {
    await inFolder({ 'envs/prod/azimuth.yaml': 'cluster: { name: prod }\n' }, async (dir) => {
      expect((await run(dir, 'build', '--config', 'envs/prod/azimuth.yaml')).stdout).toMatch(
        /^\d+ artifacts in envs\/prod /,
      );
      expect((await run(dir, 'check', '--config', 'envs/prod/azimuth.yaml')).code).toBe(0);
      expect(Object.keys(await treeOf(dir)).filter((path) => !path.startsWith('envs/prod/'))).toEqual([]);
    });
  });
});

describe('a configuration that extends another', () => {
  const BASE = 'flows: { source: obi, units: [bytes] }\nrules: { window: 10m, labels: { team: net } }\n';

  test('has its settings, but for what it changes', async () => {
    const files = {
      'base.yaml': BASE,
      'eu/middle.yaml': 'extends: ../base.yaml\nrules: { labels: { region: eu } }\n',
      'eu/azimuth.yaml': 'extends: middle.yaml\nrules: { window: 5m }\n',
      'same.yaml': 'flows: { source: obi, units: [bytes] }\nrules: { window: 5m, labels: { team: net, region: eu } }\n',
    };
    await inFolder(files, async (dir) => {
      const [one, other] = [
        await run(dir, 'print', '--config', 'eu/azimuth.yaml'),
        await run(dir, 'print', '--config', 'same.yaml'),
      ];
      expect(one.code).toBe(0);
      expect(one.stdout).toBe(other.stdout);
    });
  });

  test('can be a fleet of its own', async () => {
    await inFolder(
      { 'base.yaml': BASE, 'azimuth.yaml': 'extends: base.yaml\nclusters: { a: , b: { flows: { source: beyla } } }\n' },
      async (dir) => {
        expect((await run(dir, 'list')).stdout).toContain('clusters/b/helm-values/');
      },
    );
  });

  test.each([
    [
      'extends: 3\n',
      '',
      'azimuth.yaml: 1 problem\n  extends: got 3, expected the path of a configuration, from the folder of this file\n',
    ],
    ['extends: nowhere.yaml\n', '', 'nowhere.yaml: 1 problem\n  not found in here\n'],
    [
      'extends: base.yaml\n',
      'extends: azimuth.yaml\n',
      'base.yaml: 1 problem\n  extends: got "azimuth.yaml", which extends this file in turn\n',
    ],
    ['extends: base.yaml\n', '- a\n', 'base.yaml: 1 problem\n  got ["a"], expected a mapping of settings\n'],
    [
      'extends: base.yaml\n',
      'flows: { sauce: obi }\n',
      'azimuth.yaml: 1 problem\n  flows.sauce: unknown setting, did you mean source? (in base.yaml)\n',
    ],
    [
      'extends: base.yaml\nflows: { unit: [] }\n',
      '',
      'azimuth.yaml: 1 problem\n  flows.unit: unknown setting, did you mean units?\n',
    ],
  ])('%j over %j is refused', async (text, base, message) => {
    await inFolder({ 'azimuth.yaml': text, 'base.yaml': base }, async (dir) => {
      const { code, stderr } = await run(dir, 'validate');
      expect(code).toBe(1);
      expect(stderr.replace(dir, 'here')).toBe(message);
    });
  });
});
