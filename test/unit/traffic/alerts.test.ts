import { expect, test } from '@jest/globals';
import { TRAFFIC_ALERTS } from '../../../generators/shared/record-names.ts';
import { figureAlerts } from '../../../generators/traffic/alerts/index.ts';

test('the alerts on traffic that other domains show beside theirs exist, and are on its figures', () => {
  expect(figureAlerts.map(({ alert }) => alert)).toEqual(expect.arrayContaining([...TRAFFIC_ALERTS]));
});
