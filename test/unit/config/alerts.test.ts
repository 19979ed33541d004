import { describe, expect, test } from '@jest/globals';
import { complaints } from '../../support/problems.ts';

const ofPps = (given: object) => complaints({ alerts: { PPSAllowanceExceeded: given } });
const below = (first: number) => `expected at least the threshold of the first tier (${first}), or escalation: false`;

describe('changes that an alert does not know', () => {
  test('critical beside a critical escalation', () => {
    const severity = 'alerts.PPSAllowanceExceeded.severity';
    const expected = 'warning or info, as the escalation is critical; or remove it with escalation: false';
    expect(complaints({ alerts: { PPSAllowanceExceeded: { severity: 'critical' } } })).toEqual([
      `${severity}: got "critical", expected ${expected}`,
    ]);
    const alone = { PPSAllowanceExceeded: { severity: 'critical', escalation: false } };
    expect(complaints({ alerts: alone })).toEqual([]);
  });

  test('an escalation below the first tier', () => {
    const path = 'alerts.PPSAllowanceExceeded.escalation.threshold';
    expect(ofPps({ threshold: 2000 })).toEqual([`${path}: got 1000, ${below(2000)}`]);
    expect(ofPps({ escalation: { threshold: 99 } })).toEqual([`${path}: got 99, ${below(100)}`]);
    expect(ofPps({ threshold: 2000, escalation: false })).toEqual([]);
    expect(ofPps({ threshold: 2000, escalation: { threshold: 2000 } })).toEqual([]);
  });

  test('escalation of an alert with one tier', () => {
    const alerts = { ConntrackAllowanceExceeded: { escalation: { threshold: 5 } } };
    expect(complaints({ alerts })).toEqual([
      'alerts.ConntrackAllowanceExceeded.escalation: ConntrackAllowanceExceeded has one tier only; change it directly',
    ]);
  });

  test('a ratio above 1', () => {
    expect(complaints({ alerts: { ConntrackAllowanceLow: { threshold: 10 } } })).toEqual([
      'alerts.ConntrackAllowanceLow.threshold: got 10, expected a ratio between 0 and 1',
    ]);
    expect(complaints({ alerts: { ConntrackAllowanceLow: { threshold: 1 } } })).toEqual([]);
  });
});
