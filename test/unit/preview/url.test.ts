import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { dashboardPath, linkSearch } from '../../../preview/app/model/links.ts';
import { readUrl, type UrlState, writeUrl } from '../../../preview/app/model/url-state.ts';

const nothing: UrlState = {
  from: undefined,
  to: undefined,
  refresh: undefined,
  theme: undefined,
  kiosk: false,
  variables: new Map(),
};

describe('the address', () => {
  test('says what it says', () => {
    expect(readUrl('?from=now-6h&to=now&refresh=&theme=light&kiosk&var-a=1&var-a=2&var-b=%24__all&orgId=1')).toEqual({
      from: 'now-6h',
      to: 'now',
      refresh: '',
      theme: 'light',
      kiosk: true,
      variables: new Map([
        ['a', ['1', '2']],
        ['b', ['$__all']],
      ]),
    });
  });

  test.each(['', '?', '?orgId=1&theme=blue&var-=1&kiosk=false'])('%j says nothing', (search) => {
    expect(readUrl(search)).toEqual(nothing);
    expect(writeUrl(readUrl(search))).toBe('');
  });

  test('is read as it was written', () => {
    const text = fc.option(fc.string(), { nil: undefined });
    const variables = fc
      .dictionary(fc.string({ minLength: 1 }), fc.array(fc.string(), { minLength: 1 }))
      .map((values) => new Map(Object.entries(values)));
    const theme = fc.constantFrom<UrlState['theme']>('dark', 'light', undefined);
    const state = fc.record({ from: text, to: text, refresh: text, theme, kiosk: fc.boolean(), variables });
    fc.assert(fc.property(state, (given) => expect(readUrl(writeUrl(given))).toEqual(given)));
  });
});

describe('links', () => {
  test.each([
    ['/d/zone-traffic', 'zone-traffic', ''],
    ['/d/zone-traffic/', 'zone-traffic', ''],
    ['/d/zone-traffic/a-slug?var-a=1&from=now-1h#top', 'zone-traffic', '?var-a=1&from=now-1h'],
    ['d/a%20b?x', 'a b', '?x'],
  ])('%s leads to a dashboard', (url, uid, search) => {
    expect(dashboardPath(url)).toEqual({ uid, search });
  });

  test.each(['/', '/d/', '/dashboards', 'https://example.com/d/x', '//d/x', '/d/%', '/alerting/d/x'])(
    '%s leads elsewhere',
    (url) => {
      expect(dashboardPath(url)).toBeUndefined();
    },
  );

  const state: UrlState = {
    ...nothing,
    from: 'now-6h',
    to: 'now',
    refresh: '1m',
    theme: 'light',
    variables: new Map([['a', ['1', '2']]]),
  };

  test.each([
    [true, true, '?from=now-6h&to=now&theme=light&var-a=1&var-a=2'],
    [true, false, '?from=now-6h&to=now&theme=light'],
    [false, true, '?theme=light&var-a=1&var-a=2'],
    [false, false, '?theme=light'],
  ])('that keep time: %j, and variables: %j', (keepTime, includeVars, expected) => {
    expect(linkSearch({ keepTime, includeVars, state })).toBe(expected);
  });
});
