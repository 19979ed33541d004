import { describe, expect, test } from '@jest/globals';
import { escapeRegex } from '../../../generators/promql/index.ts';
import { complaints } from '../../support/problems.ts';

/** The line about a pattern; the reason in parentheses at its end comes from the engine. */
const refused = (device: string) =>
  expect.stringMatching(
    new RegExp(
      `^${escapeRegex(`ethtool.device: got ${JSON.stringify(device)}, expected a regular expression as Prometheus reads it (RE2) such as eth.*|ens.* (`)}.+\\)$`,
      's',
    ),
  );

const found = (device: string) => complaints({ ethtool: { device } });

describe('the pattern of network interfaces', () => {
  test.each(['eth.*|ens.*', 'eth0', '(eth|ens)[0-9]+', 'eth\\d{1,2}', '[[:alpha:]]+', 'é+', '"eth"', 'a|'])(
    'may be %s',
    (device) => {
      expect(found(device)).toEqual([]);
    },
  );

  test.each(['', '(', 'eth[', 'a**', '*', 'a\\', 'x{2}{3}'])(
    'may not be %j, which is no regular expression',
    (device) => {
      expect(found(device)).toEqual([refused(device)]);
    },
  );

  test.each(['eth(?=0)', 'eth(?!0)', '(?<=e)th', '(?<!e)th', '(a)\\1'])(
    'may not be %s, which RE2 does not know',
    (device) => {
      expect(found(device)).toEqual([refused(device)]);
    },
  );

  // JavaScript takes these for literal text or reads them its own way; promtool refuses the rules made of them.
  test.each(['\\y', '\\u0041', '\\cA', '\\k<x>', '\\px', '[a-\\d]', 'a{1001}', '[[:foo:]]', '[]', '\\C'])(
    'may not be %s, which only JavaScript reads',
    (device) => {
      expect(found(device)).toEqual([refused(device)]);
    },
  );

  test.each(['(?i)eth.*', '(?P<kind>eth|ens).*', '(?s:eth.*)'])('may be %s, which only RE2 reads', (device) => {
    expect(found(device)).toEqual([]);
  });
});
