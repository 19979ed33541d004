import { describe, expect, test } from '@jest/globals';
import { complaints } from '../../../support/problems.ts';

describe('formats of settings', () => {
  test.each([
    [
      'kernel',
      6.8,
      'cilium.kernel: got 6.8, expected a kernel release in quotes, numbers only, such as "6.8" (without quotes YAML reads 6.10 as 6.1)',
    ],
    [
      'kernel',
      '6',
      'cilium.kernel: got "6", expected a kernel release in quotes, numbers only, such as "6.8" (without quotes YAML reads 6.10 as 6.1)',
    ],
    ['version', 'v1.18.1', 'cilium.version: got "v1.18.1", expected a chart version such as 1.2.3'],
    [
      'apiServer',
      { host: 'https://x' },
      'cilium.apiServer.host: got "https://x", expected a host name or address without https:// and port',
    ],
    ['mapDynamicSizeRatio', 0, 'cilium.mapDynamicSizeRatio: got 0, expected a share of memory above 0, at most 0.1'],
    ['mapDynamicSizeRatio', 1, 'cilium.mapDynamicSizeRatio: got 1, expected a share of memory above 0, at most 0.1'],
    ['datapath', 'netkit-l2', 'cilium.datapath: got "netkit-l2", expected one of veth, netkit, null'],
    [
      'nativeRoutingCIDR',
      '10.0.0.0',
      'cilium.nativeRoutingCIDR: got "10.0.0.0", expected an IPv4 CIDR such as 10.0.0.0/8',
    ],
    [
      'nativeRoutingCIDRv6',
      '10.0.0.0/8',
      'cilium.nativeRoutingCIDRv6: got "10.0.0.0/8", expected an IPv6 CIDR such as fd00::/8',
    ],
  ])('%s: %j', (setting, value, expected) => {
    expect(complaints({ flows: { source: 'cilium-hubble' }, cilium: { values: 'full', [setting]: value } })).toEqual([
      expected,
    ]);
  });
});
