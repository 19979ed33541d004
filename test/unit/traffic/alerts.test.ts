import { expect, test } from '@jest/globals';
import { TRAFFIC_ALERTS } from '../../../generators/shared/record-names.ts';
import { figureAlerts } from '../../../generators/traffic/alerts/index.ts';

test('the alerts that other domains show beside theirs are those on the figures of traffic', () => {
  expect(TRAFFIC_ALERTS.toSorted()).toEqual(figureAlerts.map(({ alert }) => alert).toSorted());
});
