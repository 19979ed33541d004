import { describe, expect, test } from '@jest/globals';
import { newest, promql, selector, type Query } from '../../../generators/promql/index.ts';
import { choicesByConstant } from '../../support/promql.ts';

describe('a choice between candidates', () => {
  const info = selector('kube_node_info');
  const created = promql`${info} * on (node) group_left () kube_node_created`;
  const chosen = (candidates: Query) => choicesByConstant(newest(['ip'], ['node'], candidates).query.text).length;

  test.each<[string, Query]>([
    ['an info series', info],
    ['a remembered info series', promql`last_over_time(${info}[10m])`],
    ['a number', promql`${info} * 5e9`],
    ['a count', promql`count by (ip, node) (${created})`],
    ['creation times, or others by a constant', promql`${created} or kube_service_info * 4e9`],
    ['the last sample, or others that have gone', promql`timestamp(${info}) or last_over_time(kube_service_info[10m])`],
    ['a fallback of others', promql`${created} or kube_service_info`],
  ])('by %s is found', (_, candidates) => {
    expect(chosen(candidates)).toBe(1);
  });

  test.each<[string, Query]>([
    ['creation times', created],
    ['creation times, or the same ones without', promql`${created} or ${info}`],
    ['the same ones without, below the rest', promql`${created} or ${info} * 5e9`],
    ['the last sample, or the same ones that have gone', promql`timestamp(${info}) or last_over_time(${info}[10m])`],
    ['the last sample', promql`max_over_time(timestamp(${info})[10m:30s])`],
    ['two kinds', promql`${created} + 1e10 or timestamp(kube_service_info) + 5e9`],
    ['a recorded creation time', promql`label_replace(a:identity:created, "ip", "x", "", "")`],
  ])('by %s is none', (_, candidates) => {
    expect(chosen(candidates)).toBe(0);
  });
});
