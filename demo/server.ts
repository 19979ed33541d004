import { messageOf } from './message.ts';
import { freePort, type Prometheus, startPrometheus, writeConfiguration } from '../bench/process/prometheus.ts';
import { temporaryFolder } from '../bench/process/temporary.ts';

/** Rule files by name. */
export type RuleFiles = Readonly<Record<string, string>>;

/** Where the demo's Prometheus lives: a folder of its own, and a port that stays. */
export interface Home {
  readonly port: number;
  /** Starts Prometheus on what is there. Rejects with a sentence that says why it does not start. */
  start(rules: RuleFiles): Promise<Prometheus>;
  /** Has the Prometheus that runs here read other rules. Rejects with its own message when it refuses them. */
  reload(prometheus: Prometheus, rules: RuleFiles): Promise<void>;
  remove(): Promise<void>;
}

const FIRST_PORT = 19_400;

/**
 * With blocks of two days all samples stay in memory: nothing is compacted while the demo runs, and samples of the last day are
 * taken in any order of series.
 */
const FLAGS = [
  '--web.enable-remote-write-receiver',
  '--web.enable-lifecycle',
  '--storage.tsdb.min-block-duration=2d',
  '--storage.tsdb.max-block-duration=2d',
  // Alerts are to go on after the restart, also those that wait for a short time only.
  '--rules.alert.for-grace-period=0s',
];

/** Go collects garbage less often: a third less work, for some hundred megabytes. */
const ENV = { GOGC: '400' };

/** Every target of the demo is written, none scraped; hours of a month ago are written after those of today. */
const CONFIG = {
  global: { evaluation_interval: '1m' },
  storage: { tsdb: { out_of_order_time_window: '40d' } },
};

/** Makes the folder and finds the port. The folder goes with this process, whatever ends it. */
export async function makeHome(): Promise<Home> {
  const folder = await temporaryFolder('demo');
  const dir = folder.path;
  const port = await freePort(FIRST_PORT);
  return {
    port,
    async start(rules) {
      try {
        return await startPrometheus({ config: CONFIG, rules, port, dir, flags: FLAGS, env: ENV, detached: true });
      } catch (error) {
        throw new Error(sentence(error, port), { cause: error });
      }
    },
    async reload({ url, lastWords }, rules) {
      await writeConfiguration(dir, { config: CONFIG, rules });
      const response = await fetch(`${url}/-/reload`, { method: 'POST' });
      const answer = (await response.text()).trim();
      if (response.ok) return;
      const [reason = answer] = errorsIn(lastWords()).slice(-1);
      throw new Error(`Prometheus refuses the rules: ${reason}`);
    },
    remove: () => folder.remove(),
  };
}

/** The reasons in a log of Prometheus, oldest first; without those that only say that there are others. */
const errorsIn = (log: string): string[] =>
  [...log.matchAll(/ err="((?:[^"\\]|\\.)*)"/g)]
    .map(([, text = '']) => text.replaceAll('\\"', '"'))
    .filter((text) => !/^(?:one or more errors occurred|error loading rules)/.test(text));

function sentence(error: unknown, port: number): string {
  const text = messageOf(error);
  if (text.includes('address already in use')) {
    return `port ${port} on 127.0.0.1 is taken: another program took it in this moment; start the demo again`;
  }
  const [first = text] = text.split('\n');
  const [reason] = errorsIn(text).slice(-1);
  return reason === undefined ? text : `${first}: ${reason}`;
}
