import { describe, expect, test } from '@jest/globals';
import type { Cluster, Pod } from '../../../bench/model.ts';
import { dnsServersOf, lookupsOf } from '../../../bench/model/dns.ts';
import { clusterAt } from '../../../bench/timeline.ts';
import { truth } from '../../../bench/truth.ts';
import { makeStory, type Story } from '../../../demo/story.ts';
import { generate } from '../../support/generate.ts';

const NOW = 1_768_478_400;
const MINUTE = 60;
const { config } = generate();
const story = makeStory(NOW, config);

/** The cluster so many seconds after now; before it where negative. */
const at = (seconds: number, of: Story = story): Cluster => clusterAt(of.timeline, NOW + seconds - of.start);
const share = (seconds: number): number => {
  const { byLocality, total } = truth(at(seconds));
  return byLocality.cross_zone / total;
};
const event = (title: string) => {
  const found = story.events.find((one) => one.title === title);
  if (found === undefined) throw new Error(`no event ${title}`);
  return { ...found, seconds: found.at / 1000 - NOW };
};
/** Packets over an allowance, node by node, for nodes that exceed it. */
const exceeding = (kind: string, seconds: number): readonly string[] =>
  truth(at(seconds)).allowances.flatMap((one) => (one.kind === kind ? [one.node.split('.')[0] ?? ''] : []));
const dnsCalls = (seconds: number): number =>
  at(seconds).connections.reduce((sum, { protocol, requests }) => sum + (protocol === 'UDP' ? requests : 0), 0);
const podOf = (workload: string, seconds: number): Pod | undefined =>
  at(seconds).pods.find((pod) => pod.workload.name === workload);

describe('the timeline', () => {
  test('spans six hours before now, with what rules look back before that, and a day after', () => {
    expect(story.shownFrom).toBe(NOW - 6 * 3600);
    expect(story.fedFrom).toBeLessThanOrEqual(story.shownFrom - 15 * MINUTE);
    expect(story.start).toBe(story.fedFrom);
    expect(story.timeline[0]?.from).toBe(0);
    expect(NOW + 24 * 3600 - story.start - (story.timeline.at(-1)?.from ?? 0)).toBeLessThanOrEqual(5 * MINUTE);
    const times = story.timeline.map(({ from }) => from);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  });

  test('is shown for a shorter time where scrapes or evaluations are frequent', () => {
    const past = (scrape: string, interval: string) => {
      const given = { scrape: { interval: scrape }, rules: { interval, window: '5m' } };
      return NOW - makeStory(NOW, generate(given).config).shownFrom;
    };
    expect(past('15s', '30s')).toBe(6 * 3600);
    expect(past('2s', '30s')).toBe(48 * MINUTE);
    expect(past('15s', '5s')).toBe(60 * MINUTE);
  });

  test('is that of a small cluster in three zones', () => {
    const { nodes, pods } = at(0);
    expect(new Set(nodes.map(({ zone }) => zone))).toEqual(
      new Set(['ap-northeast-2a', 'ap-northeast-2b', 'ap-northeast-2c']),
    );
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(9);
    expect(pods.length).toBeGreaterThanOrEqual(65);
    const own = pods.filter(({ hostNetwork }) => !hostNetwork);
    expect(new Set(own.map(({ ip }) => ip)).size).toBe(own.length);
    expect(new Set(pods.map(({ uid }) => uid)).size).toBe(pods.length);
    expect(pods.filter(({ node }) => !nodes.some(({ name }) => name === node))).toEqual([]);
    const { byLocality, total } = truth(at(-2 * 3600));
    expect(byLocality.same_zone / total).toBeGreaterThan(0.7);
    expect(byLocality.internet / total).toBeGreaterThan(0.01);
    expect(byLocality.internet / total).toBeLessThan(0.08);
  });

  test('is the same for the same time, and has no flat lines', () => {
    const again = makeStory(NOW, config);
    expect(again.events).toEqual(story.events);
    for (const seconds of [-5 * 3600, -1, 3600]) expect(at(seconds, again)).toEqual(at(seconds));
    const totals = Array.from({ length: 12 }, (_, index) => Math.round(truth(at(-18_000 + index * 300)).total));
    expect(new Set(totals).size).toBe(totals.length);
    for (const [index, total] of totals.slice(1).entries()) {
      expect(Math.abs(total / (totals[index] ?? 0) - 1)).toBeLessThan(0.05);
    }
  });

  test('takes zones and network interfaces from the configuration', () => {
    const given = generate({ cloud: { region: 'eu-west-1' }, ethtool: { device: 'eth0' } }).config;
    const { nodes } = at(0, makeStory(NOW, given));
    expect(new Set(nodes.map(({ zone }) => zone))).toEqual(new Set(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']));
    expect(nodes.every(({ name }) => name.endsWith('.eu-west-1.compute.internal'))).toBe(true);
    expect(new Set(nodes.flatMap(({ interfaces }) => interfaces.map(({ device }) => device)))).toEqual(
      new Set(['eth0']),
    );
    const gcp = generate({ cloud: { provider: 'gcp', region: 'europe-west1' } }).config;
    expect(at(0, makeStory(NOW, gcp)).nodes[0]?.zone).toBe('europe-west1-a');
  });
});

describe('the events', () => {
  test('are in order, before and after now, each on a dashboard that there is', () => {
    const times = story.events.map((one) => one.at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.some((time) => time < NOW * 1000) && times.some((time) => time > NOW * 1000)).toBe(true);
    const uids = new Set(generate().bundle.dashboards.map(({ uid }) => uid));
    expect(story.events.filter(({ dashboard }) => !uids.has(dashboard))).toEqual([]);
  });

  test('are only those that the configuration can show', () => {
    const noFlows = makeStory(NOW, generate({ flows: { source: 'none' } }).config);
    expect(new Set(noFlows.events.map(({ dashboard }) => dashboard))).toEqual(
      new Set(['node-allowances', 'workload-resources', 'cluster-dns', 'zone-routing', 'cluster-scale']),
    );
    const noNodes = makeStory(NOW, generate({ ethtool: { exporter: 'none' } }).config);
    expect(new Set(noNodes.events.map(({ dashboard }) => dashboard))).toEqual(
      new Set(['zone-traffic', 'workload-resources', 'cluster-dns', 'zone-routing', 'cluster-scale', 'flow-pipeline']),
    );
    const noUsage = makeStory(NOW, generate({ workloads: { resources: false } }).config);
    expect(new Set(noUsage.events.map(({ dashboard }) => dashboard))).toEqual(
      new Set(['zone-traffic', 'node-allowances', 'cluster-dns', 'zone-routing', 'cluster-scale', 'flow-pipeline']),
    );
    const money = makeStory(NOW, generate({ flows: { source: 'obi' } }).config);
    expect(money.events.map(({ dashboard }) => dashboard)).toContain('zone-cost');
    const noDns = makeStory(NOW, generate({ dns: { enabled: false } }).config);
    expect(noDns.events.map(({ dashboard }) => dashboard)).not.toContain('cluster-dns');
    const noPlane = makeStory(NOW, generate({ controlPlane: { enabled: false } }).config);
    expect(noPlane.events.map(({ dashboard }) => dashboard)).not.toContain('cluster-scale');
    const noRouting = makeStory(NOW, generate({ routing: { records: false } }).config);
    expect(noRouting.events.map(({ dashboard }) => dashboard)).not.toContain('zone-routing');
  });

  test('the load test: a run of kube-burner fills the nodes, some of its pods fit nowhere, and others get no address', () => {
    const { seconds } = event('The nodes are full');
    const { controlPlane, pods } = at(seconds);
    const run = controlPlane?.run;
    const held = [...pods, ...(run?.pods ?? [])].filter(({ node }) => node !== '');
    const most = Math.max(...held.map(({ node }) => held.filter((pod) => pod.node === node).length));
    expect(most).toBe(controlPlane?.maxPods);
    expect(run?.pods.filter(({ node }) => node === '').map(({ uid }) => uid)).toEqual([
      ...(controlPlane?.unschedulable ?? []),
    ]);
    expect(controlPlane?.unschedulable.size).toBeGreaterThan(5);
    expect(controlPlane?.creating.size).toBeGreaterThan(2);
    expect(Object.values(controlPlane?.sandboxErrors ?? {})).toHaveLength(1);
    const after = at(event('The load test is over').seconds).controlPlane;
    expect(after?.run).toBeUndefined();
    // The database does not shrink.
    expect(after?.databaseBytes).toBe(controlPlane?.databaseBytes);
  });

  test('DNS: one node is asked to pass on more than an interface may send, and drops packets', () => {
    const { seconds } = event('DNS is throttled at one node');
    const passedOn = (time: number) =>
      dnsServersOf(at(time)).map((server) => ({
        node: server.node.split('.')[0] ?? '',
        resolver: lookupsOf(at(time), server)
          .flatMap(({ forwarded }) => forwarded)
          .reduce((sum, { to, queries }) => sum + (to === '169.254.169.253:53' ? queries : 0), 0),
      }));
    const over = passedOn(seconds + 60).filter(({ resolver }) => resolver > 1024);
    expect(over.map(({ node }) => node)).toEqual(exceeding('linklocal', seconds + 60));
    expect(passedOn(seconds - 60).filter(({ resolver }) => resolver > 100)).toEqual([]);
  });

  test('DNS: a workload asks for what does not exist, until it is rolled back', () => {
    const [from, until] = [event('A storm of names that do not exist').seconds, event('The storm is over').seconds];
    const nameless = (time: number) => {
      const all = dnsServersOf(at(time)).flatMap((server) => lookupsOf(at(time), server));
      const by = all.map(({ client, answers }) => ({ name: client?.workload.name, rate: answers.NXDOMAIN }));
      return by.reduce((sum, { name, rate }) => sum + (name === 'mailer' ? rate : 0), 0);
    };
    expect(nameless(from + 60)).toBeGreaterThan(20 * nameless(from - 60));
    expect(nameless(until + 1)).toBeLessThan(nameless(from + 60) / 20);
  });

  test('DNS: an upstream server fails, and with it only what goes there', () => {
    const [from, until] = [event('An upstream server fails').seconds, event('The upstream server is back').seconds];
    const failed = (time: number) =>
      dnsServersOf(at(time))
        .flatMap((server) => lookupsOf(at(time), server))
        .reduce((sum, { answers }) => sum + answers.SERVFAIL, 0);
    expect([failed(from - 1), failed(until)]).toEqual([0, 0]);
    expect(failed(from)).toBeGreaterThan(0);
    expect(failed(from) / dnsCalls(from)).toBeLessThan(0.03);
  });

  test('a workload starts to talk across zones: its pods are new, and the share of such traffic steps up', () => {
    const { seconds } = event('checkout starts to talk across zones');
    expect(share(seconds + 5 * MINUTE)).toBeGreaterThan(share(seconds - 1) * 1.6);
    const before = new Set(at(seconds - 1).pods.map(({ uid }) => uid));
    const replaced = at(seconds + 5 * MINUTE).pods.filter(({ uid }) => !before.has(uid));
    expect(replaced.map(({ workload }) => workload.name)).toEqual(Array.from({ length: 6 }, () => 'checkout'));
    expect(replaced.every(({ createdAt }) => createdAt >= NOW + seconds)).toBe(true);
  });

  test('a pod moves to another zone: another name, uid, node and address; the old one is gone', () => {
    const { seconds, text } = event('A pod moves to another zone');
    const [from, to] = [podOf('indexer', seconds - 1), podOf('indexer', seconds)];
    for (const key of ['name', 'uid', 'node', 'ip'] as const) expect(to?.[key]).not.toBe(from?.[key]);
    const zone = (pod: Pod | undefined) => at(0).nodes.find(({ name }) => name === pod?.node)?.zone ?? '';
    expect(zone(to)).not.toBe(zone(from));
    expect(text).toContain(`from ${zone(from)} to ${zone(to)}, as ${to?.name}`);
    expect(at(seconds).pods.filter(({ workload }) => workload.name === 'indexer')).toEqual([to]);
    const names = at(seconds).connections.flatMap(({ client, server }) =>
      [client, server].flatMap((end) => (end.kind === 'pod' ? [end.pod.uid] : [])),
    );
    expect(names).toContain(to?.uid);
    expect(names).not.toContain(from?.uid);
  });

  test('a burst of DNS calls, with the link-local allowance of the node of coredns', () => {
    const { seconds, text } = event('A burst of DNS calls');
    expect(dnsCalls(seconds)).toBeGreaterThan(dnsCalls(seconds - 1) * 3);
    expect(exceeding('linklocal', seconds - 1)).toEqual([]);
    const [node = '?'] = exceeding('linklocal', seconds);
    expect(text).toContain(node);
    const hosts = at(seconds).pods.flatMap((pod) => (pod.workload.name === 'coredns' ? [pod.node.split('.')[0]] : []));
    expect(hosts).toContain(node);
    const smaller = story.events.filter(({ title }) => title === 'A smaller burst of DNS calls');
    const starts = smaller.map(({ at: milliseconds }) => milliseconds / 1000 - NOW);
    expect(starts.some((start) => start < 0) && starts.some((start) => start > 0)).toBe(true);
    for (const start of starts.slice(0, 6)) {
      expect(dnsCalls(start)).toBeGreaterThan(dnsCalls(start - 1) * 1.5);
      expect(exceeding('linklocal', start + 5 * MINUTE)).toEqual([]);
    }
  });

  test('a node runs out of connections within an hour, exceeds its packet rate, and recovers', () => {
    const { seconds, text } = event('A node starts to run out of connections');
    const [node = '?'] = exceeding('conntrack', -1);
    expect(text).toContain(node);
    const available = (time: number) =>
      at(time).nodes.find(({ name }) => name.startsWith(`${node}.`))?.interfaces[0]?.conntrackAvailable ?? Number.NaN;
    expect(available(seconds)).toBeGreaterThan(80_000);
    expect(available(seconds + 30 * MINUTE)).toBeLessThan(available(seconds) * 0.6);
    expect(available(event('No connections left').seconds)).toBe(0);
    expect(exceeding('conntrack', event('No connections left').seconds - 1)).toEqual([]);
    expect(exceeding('pps', event('The same node exceeds its packet rate').seconds)).toContain(node);
    const recovered = event('images is restarted').seconds;
    expect(available(recovered)).toBeGreaterThan(80_000);
    expect(exceeding('pps', recovered)).toEqual([]);
    expect(available(event('Connections leak again').seconds + 50 * MINUTE)).toBeLessThan(20_000);
  });

  test('what is over by now, and what goes on', () => {
    const restore = event('A node receives more than its bandwidth').seconds;
    expect(exceeding('bw_in', restore)).toHaveLength(1);
    expect(exceeding('bw_in', event('The restore is done').seconds)).toEqual([]);
    expect(exceeding('pps', event('Another node exceeds its packet rate').seconds - 1)).toHaveLength(1);
    expect(exceeding('pps', event('Another node exceeds its packet rate').seconds)).toHaveLength(2);
    expect(exceeding('pps', event('The merge is done').seconds)).toHaveLength(1);
  });
});
