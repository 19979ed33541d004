import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate } from '../../support/generate.ts';
import { generatedPaths, isWritten } from '../../support/guide.ts';
import { blocks, section } from '../../support/markdown.ts';

const guide = readFileSync('docs/install.md', 'utf8');
const built = generate(load(readFileSync('azimuth.yaml', 'utf8')) as object);
const paths = built.artifacts.map(({ path }) => path);

describe('docs/install.md', () => {
  test("names exactly the artifacts of the repository's configuration", () => {
    const named = Array.from(section(guide, 'The files').matchAll(/^\| `([^`]+)`/gm), ([, path = '']) => path);
    expect(named.toSorted()).toEqual(paths.toSorted());
  });

  test('has commands that use what that configuration writes', () => {
    const named = blocks(section(guide, 'Plain Helm'), 'sh').flatMap(generatedPaths);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((path) => !isWritten(path, paths))).toEqual([]);
  });

  test('has the versions of the charts that the values are for', () => {
    const [, stack] = /--version ([\d.]+\d)/.exec(built.file('helm-values/kube-prometheus-stack.yaml')) ?? [];
    const retina = built.config.retina.version;
    const commands = [...guide.matchAll(/^.*(retina-hubble|kube-prometheus-stack) --version (\S+)/gm)];
    expect(commands.map(([, chart, version]) => [chart, version])).toEqual([
      ['retina-hubble', retina],
      ['kube-prometheus-stack', stack],
      ['kube-prometheus-stack', stack],
    ]);
  });
});
