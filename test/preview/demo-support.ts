import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Demo, type DemoOptions, startDemo } from '../../demo/index.ts';
import { type PrometheusApi, prometheusApi } from '../../bench/prometheus-api.ts';
import { generate, type Generated } from '../support/generate.ts';

/** A demo with the means to ask it. */
export interface Started extends Demo {
  readonly generated: Generated;
  readonly rules: Readonly<Record<string, string>>;
  readonly prometheus: PrometheusApi;
  readonly lines: readonly string[];
}

/** The texts of the rule files of a build, by their paths. */
export const rulesOf = ({ artifacts }: Generated): Readonly<Record<string, string>> =>
  Object.fromEntries(artifacts.flatMap(({ kind, path, text }) => (kind === 'rules' ? [[path, text]] : [])));

/** Starts the demo of a configuration. */
export async function start(given: object = {}, options: Partial<DemoOptions> = {}): Promise<Started> {
  const generated = generate(given);
  const rules = rulesOf(generated);
  const lines: string[] = [];
  const demo = await startDemo({ config: generated.config, rules, log: (text) => lines.push(text), ...options });
  return { ...demo, generated, rules, lines, prometheus: prometheusApi(demo.url) };
}

/** Ids of the processes of Prometheus that listen on the port of an address. */
export function processesAt(url: string): readonly number[] {
  const address = `--web.listen-address=${new URL(url).host}`;
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(address) ? [Number(name)] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** The folder of the Prometheus with this id, as its command line has it. */
export const folderOf = (pid: number): string =>
  /--config\.file=(.+)\/prometheus\.yaml/.exec(
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', '\n'),
  )?.[1] ?? '';

/** The process in the mark of a folder; undefined for one that has just been made or removed. */
function ownerOf(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(tmpdir(), folder, '.azimuth-owner'), 'utf8')) as { readonly pid?: unknown })
      .pid;
  } catch {
    return undefined;
  }
}

/** Folders that demos of this process have made and not removed: others may start demos at the same time. */
export const demoFolders = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('azimuth-demo-') && ownerOf(name) === process.pid);
