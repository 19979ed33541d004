import { graph } from '../../panels/needs.ts';
import { overTime } from '../../panels/shared.ts';
import { promql } from '../../promql/index.ts';
import { known, most, REQUESTS, type ScalePanel, type Series } from './panel.ts';

/** What the API servers are asked for, and how well they answer. */
export const requestPanels = ({ of, during, slow }: Series): readonly ScalePanel[] => [
  graph('latency-by-request', {
    title: 'Slowest 1 % of requests',
    description:
      'One request in a hundred takes this long or longer, without webhooks and queues: the ten slowest verbs and resources. Changes and reads of one ' +
      'object should take less than 1 s, lists less than 30 s.',
    targets: [overTime(most(known(of('latency'))), '{{verb}} {{resource}}')],
    unit: 's',
  }),
  graph('slow-by-kind', {
    title: 'Slower than promised, by kind',
    description:
      'Share of the changes, reads of one object and lists that take longer than Kubernetes promises. More than 1 % breaks the promise.',
    targets: [overTime(promql`max by (kind) (${during(slow)})`, '{{kind}}')],
    unit: 'percentunit',
    decimals: 2,
  }),
  graph('requests-by-verb', {
    title: 'Requests by verb',
    description: 'Requests per second by verb. A watch counts when it ends.',
    targets: [overTime(promql`sum by (verb) (${of('requests')})`, '{{verb}}')],
    unit: REQUESTS,
    stacked: true,
  }),
  graph('requests-by-resource', {
    title: 'Requests by resource',
    description: 'The ten resources with the most requests.',
    targets: [overTime(most(promql`sum by (resource) (${of('requests')})`), '{{resource}}')],
    unit: REQUESTS,
  }),
  graph('errors-by-request', {
    title: 'Failed or refused',
    description:
      'Requests that the API server failed (5xx) or refused as there were too many (429): the ten most frequent.',
    targets: [overTime(most(of('errors')), '{{code}} {{verb}} {{resource}}')],
    unit: REQUESTS,
  }),
  graph('inflight', {
    title: 'In flight',
    description:
      'Requests in flight by API server, the most within a second: those that read and those that change. By default 400 and 200 fit.',
    targets: [overTime(of('inflight'), '{{instance}} {{request_kind}}')],
    unit: 'none',
  }),
];

/** Who waits for a seat. */
export const fairnessPanels = ({ of }: Series): readonly ScalePanel[] => [
  graph('waits-by-level', {
    title: 'Longest 1 % of waits, by priority level',
    description: 'One request in a hundred waits this long or longer for a seat.',
    targets: [overTime(known(of('waited')), '{{priority_level}}')],
    unit: 's',
  }),
  graph('queued-by-level', {
    title: 'Waiting, by priority level',
    description: 'Requests that wait in a queue, by priority level, over all API servers.',
    targets: [overTime(of('queued'), '{{priority_level}}')],
    unit: 'none',
  }),
  graph('seats-by-level', {
    title: 'Seats taken, by priority level',
    description:
      'Seats that are taken, as a share of those that a level has now, with what it borrowed. A list may take several seats. At 100 % requests wait.',
    targets: [overTime(of('seatsUsed'), '{{priority_level}}')],
    unit: 'percentunit',
  }),
  graph('rejected-by-level', {
    title: 'Refused, by priority level',
    description: 'Requests refused with 429, as the queue was full or they waited too long (time-out). It should be 0.',
    targets: [overTime(most(of('rejected')), '{{priority_level}} {{reason}}')],
    unit: REQUESTS,
  }),
];

/** What lists and watches cost, with the memory of the API servers beside it. */
export const costPanels = ({ of }: Series): readonly ScalePanel[] => [
  graph('memory', {
    title: 'Memory of the API servers',
    description:
      'Resident memory by API server. Large lists show here: before Kubernetes 1.33 a list holds all of its objects at once.',
    targets: [overTime(of('memory'), '{{instance}}')],
    unit: 'bytes',
  }),
  graph('list-bytes', {
    title: 'Answers to lists',
    description: 'Bytes per second of the answers to lists: the ten resources with the most.',
    targets: [overTime(most(of('listBytes')), '{{resource}}')],
    unit: 'Bps',
  }),
  graph('list-objects', {
    title: 'Objects read by lists',
    description:
      'Objects per second that lists read, from the cache of the API server or from etcd: the ten most. What comes from etcd costs most.',
    targets: [overTime(most(of('listObjects')), '{{resource}} from {{served}}')],
    unit: 'si: objects/s',
  }),
  graph('watch-events', {
    title: 'Events sent to watches',
    description: 'Each change, times the watches that see it: the ten resources with the most.',
    targets: [overTime(most(of('watchEvents')), '{{object}}')],
    unit: 'si: events/s',
  }),
  graph('watchers', {
    title: 'Open watches',
    description: 'The ten resources with the most open watches.',
    targets: [overTime(most(of('watchers')), '{{resource}}')],
    unit: 'none',
  }),
  graph('cpu', {
    title: 'CPU of the API servers',
    description: 'CPU by API server, in cores.',
    targets: [overTime(of('cpu'), '{{instance}}')],
    unit: 'suffix: cores',
  }),
];
