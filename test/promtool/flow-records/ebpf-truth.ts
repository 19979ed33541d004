import { allOf, type End, KEY, keyOf, labelOf, type Report } from './ebpf-world.ts';
import type { Counted } from './pairs-truth.ts';
import { pick, type Sample, type Side, SIDES, Tally } from './world.ts';

const endOf = ({ from, to }: Report, side: Side): End => (side === 'source' ? from : to);
const otherOf = ({ from, to }: Report, side: Side): End => (side === 'source' ? to : from);

/** Less than half a byte or packet in five minutes is rounding. */
const LEAST = 0.5 / 300;
/** Pods may have so much more than their node where it masquerades them. */
const SLACK = 1.05;

const isNamed = ({ name }: End): boolean => name !== '';

/** What must be recorded of reports, by the name of the record: what nodes have is judged to a millionth, and all that counts it. */
export function truthOf(id: string, everything: readonly Report[]) {
  const reports = everything.filter(({ from, to }) => from.type !== 'Service' && to.type !== 'Service');
  const agentLabel = `${id}_ip`;

  // Of each pair whose ends have names, the agent that reports most of it.
  const byAgent = new Tally();
  for (const { cluster, from, to, rate, agent } of reports)
    if (isNamed(from) && isNamed(to))
      byAgent.add({ cluster, ...keyOf('source', from), ...keyOf('destination', to), [agentLabel]: agent }, rate);
  const pairs = new Tally();
  const pairKey = ['cluster', ...SIDES.flatMap((side) => KEY.map((field) => labelOf(side, field)))];
  for (const { labels, value } of byAgent.samples) pairs.raise(pick(labels, pairKey), value);

  const endKey = (side: Side) => ['cluster', ...KEY.map((field) => labelOf(side, field))];
  const paired = (side: Side): Tally => {
    const found = new Tally();
    for (const { labels, value } of pairs.samples) found.add(pick(labels, endKey(side)), value);
    return found;
  };
  const reported = (side: Side): Tally => {
    const sums = new Tally();
    for (const one of reports)
      sums.add({ cluster: one.cluster, ...allOf(side, endOf(one, side)), [agentLabel]: one.agent }, one.rate);
    const largest = new Tally();
    for (const { labels, value } of sums.samples) {
      const { [agentLabel]: _agent, ...rest } = labels;
      largest.raise(rest, value);
    }
    return largest;
  };

  // Traffic of ends that have a name with ends that have none, as each agent says.
  const halfNamed = new Tally();
  for (const side of SIDES)
    for (const one of reports) {
      const { cluster, agent, rate } = one;
      if (isNamed(endOf(one, side)) && !isNamed(otherOf(one, side)))
        halfNamed.add({ cluster, ...keyOf(side, endOf(one, side)), [agentLabel]: agent }, rate);
    }

  // An end's own agent reports all of its traffic: what is left of that is with ends that no agent names.
  const unnamed = new Tally();
  for (const side of SIDES) {
    const [parts, totals, counted] = [new Tally(), new Tally(), paired(side)];
    for (const { labels, value } of reported(side).samples) {
      if (labels[labelOf(side, 'name')] === undefined) continue;
      const end = pick(labels, endKey(side));
      totals.raise(end, value);
      // In two zones at once, each with its part: a pod that moved.
      const isWhole = labels[labelOf(side, 'owner_name')] !== undefined && labels[labelOf(side, 'zone')] !== undefined;
      if (isWhole) parts.add(end, value);
    }
    for (const { labels, value } of parts.samples) totals.raise(labels, value);
    const talksToNobody = new Set(halfNamed.samples.map(({ labels }) => JSON.stringify(pick(labels, endKey(side)))));
    for (const { labels, value } of totals.samples) {
      const rest = value - (counted.get(labels) ?? 0);
      if (rest > LEAST && talksToNobody.has(JSON.stringify(pick(labels, endKey(side))))) unnamed.add(labels, rest);
    }
  }
  for (const { cluster, from, to, rate } of reports) if (!isNamed(from) && !isNamed(to)) unnamed.add({ cluster }, rate);

  // Nodes that masquerade are reported with what their pods send out, too.
  const ofNodes = new Tally();
  for (const side of SIDES) {
    const [type, name] = [labelOf(side, 'type'), labelOf(side, 'name')];
    /** What agents report with the outside: no more of an end than it has with it. */
    const outside = halfNamed.samples.flatMap(({ labels, value }) => {
      const all = labels[name] === undefined ? undefined : unnamed.get(pick(labels, endKey(side)));
      return all === undefined ? [] : [{ labels, value: Math.min(value, all) }];
    });
    const [ofPods, ofOwn, translated] = [new Tally(), new Tally(), new Tally()];
    for (const { labels, value } of outside)
      (labels[type] === 'Node' ? ofOwn : ofPods).add(pick(labels, ['cluster', agentLabel]), value);
    for (const { labels, value } of outside) {
      const agent = pick(labels, ['cluster', agentLabel]);
      const [pods, own] = [ofPods.get(agent), ofOwn.get(agent)];
      if (labels[type] !== 'Node' || value <= 0 || pods === undefined || own === undefined) continue;
      // Pods have more than their node: nothing is masqueraded.
      if (pods / own > SLACK) continue;
      translated.raise(pick(labels, endKey(side)), value * Math.min(pods / own, 1));
    }
    for (const { labels, value } of translated.samples)
      ofNodes.add(labels, Math.max((unnamed.get(labels) ?? 0) - value, 0));
  }

  const remaining = unnamed.samples.flatMap(({ labels, value }): readonly Sample[] => {
    const own = ofNodes.get(labels);
    if (own === undefined) return [{ labels, value }];
    return own > LEAST ? [{ labels, value: own }] : [];
  });
  const counted = [...pairs.samples, ...remaining].map(({ labels, value }): Counted => {
    const [from = {}, to = {}] = SIDES.map((side) => pick(labels, endKey(side).slice(1)));
    return { cluster: labels['cluster'] ?? '', from, to, rate: value };
  });

  /** With owner and zone as the largest report has them that has both; else the largest that names the end; else any. */
  const endpoints = (side: Side): readonly Sample[] => {
    const known = reported(side).samples;
    const totals = new Tally();
    for (const { cluster, from, to, rate } of counted)
      totals.add({ cluster, ...(side === 'source' ? from : to) }, rate);
    return totals.samples.flatMap(({ labels, value }) => {
      const end = JSON.stringify(pick(labels, endKey(side)));
      const own = known
        .filter((one) => JSON.stringify(pick(one.labels, endKey(side))) === end)
        .toSorted((one, other) => other.value - one.value);
      const isWhole = (one: Sample) =>
        ['name', 'owner_name', 'zone'].every((field) => one.labels[labelOf(side, field)] !== undefined);
      const best = own.find(isWhole) ?? own[0];
      if (best === undefined) return [];
      const isTie = own.some((one) => one !== best && one.value === best.value && isWhole(one) === isWhole(best));
      if (isTie) throw new Error(`two reports on ${end} are the largest: another seed has one`);
      const names = {
        namespace: 'namespace',
        name: 'pod',
        type: 'kind',
        owner_type: 'native_workload_type',
        owner_name: 'native_workload',
        zone: 'native_zone',
      };
      const shared = Object.entries(names).map(([field, to]) => [to, best.labels[labelOf(side, field)] ?? '']);
      return [{ labels: { cluster: labels['cluster'] ?? '', ...Object.fromEntries(shared) }, value }];
    });
  };

  return {
    paired: (side: Side) => paired(side).samples,
    reported: (side: Side) => reported(side).samples,
    halfNamed: halfNamed.samples,
    unnamed: unnamed.samples,
    ofNodes: ofNodes.samples,
    endpoints,
    counted,
  };
}
