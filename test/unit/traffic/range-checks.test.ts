import { describe, expect, test } from '@jest/globals';
import { complaints, complaintsOfYaml } from '../../support/problems.ts';

const external = (...entries: readonly object[]) => ({
  flows: { external: entries.map((entry) => ({ name: 'db', kind: 'database', ...entry })) },
});
const subnets = (...entries: readonly object[]) => ({ zones: { subnets: entries } });
const ofNodes = (...entries: readonly object[]) => ({ nodes: { addresses: entries } });
const many = (count: number, second = 0) => Array.from({ length: count }, (_, index) => `10.${second}.${index}.0/24`);

const CIDR = 'expected a CIDR such as 10.0.0.0/16, 192.0.2.7/32 or fd00::/48';
const NAMED = 'up to 63 letters, digits, dashes, dots and underscores, not unknown';

describe('settings of ranges', () => {
  test.each<readonly [name: string, given: object, lines: readonly string[]]>([
    [
      'a range with host bits',
      { cluster: { cidrs: ['10.0.0.0/8', '10.1.2.3/16'] } },
      ['cluster.cidrs.1: got "10.1.2.3/16", expected 10.1.0.0/16, the network address'],
    ],
    ['an address alone', { cluster: { cidrs: ['10.0.0.7'] } }, [`cluster.cidrs.0: got "10.0.0.7", ${CIDR}`]],
    ['no address', { cluster: { cidrs: ['10.0/8'] } }, [`cluster.cidrs.0: got "10.0/8", ${CIDR}`]],
    [
      'a prefix too long',
      subnets({ zone: 'a', cidrs: ['10.0.0.0/40'] }),
      ['zones.subnets.0.cidrs.0: got "10.0.0.0/40", expected a prefix length of at most 32'],
    ],
    [
      'zones that zones.valid refuses',
      {
        ...external({ zone: 'rack-1', cidrs: ['10.3.0.0/16'] }, { zone: 'eu-1a', cidrs: ['10.4.0.0/16'] }),
        ...ofNodes({ zone: 'rack-2', cidrs: ['10.2.0.0/16'] }),
        zones: { valid: 'eu-.+', subnets: [{ zone: 'x-eu-1a', cidrs: ['10.1.0.0/16'] }] },
      },
      [
        'zones.subnets.0.zone: got "x-eu-1a", expected a match of zones.valid, eu-.+',
        'nodes.addresses.0.zone: got "rack-2", expected a match of zones.valid, eu-.+',
        'flows.external.0.zone: got "rack-1", expected a match of zones.valid, eu-.+',
      ],
    ],
    [
      'a fault domain of Azure as a zone',
      { cloud: { provider: 'azure' }, ...subnets({ zone: '1', cidrs: ['10.1.0.0/16'] }) },
      ['zones.subnets.0.zone: got "1", expected no number, which is a fault domain of Azure'],
    ],
    [
      'IPv4 in IPv6',
      external({ cidrs: ['::ffff:a01:0/112'] }),
      [
        'flows.external.0.cidrs.0: got "::ffff:a01:0/112", expected 10.1.0.0/16: labels hold IPv4 addresses in dotted form',
      ],
    ],
    [
      'one range twice, in two spellings',
      { ...subnets({ zone: 'a', cidrs: ['fd00::/48'] }, { zone: 'b', cidrs: ['fd01::/48', 'FD00:0:0::/48'] }) },
      ['zones.subnets.1.cidrs.1: got "FD00:0:0::/48", expected another range than zones.subnets.0.cidrs.0'],
    ],
    [
      'an external range that is ours',
      { cluster: { cidrs: ['10.9.0.0/16'] }, ...external({ cidrs: ['10.9.0.0/16'] }) },
      ['flows.external.0.cidrs.0: got "10.9.0.0/16", expected another range than cluster.cidrs.0'],
    ],
    [
      'too many ranges',
      {
        cluster: { cidrs: many(200) },
        ...external({ cidrs: many(250, 1) }),
        ...subnets({ zone: 'a', cidrs: many(51) }),
      },
      [
        'flows.external: got 501 CIDRs in cluster.cidrs, nodes.addresses, zones.subnets and flows.external, expected at most 500 together',
      ],
    ],
    [
      'nodes without a place, and with two',
      ofNodes({ cidrs: ['10.0.0.0/24'] }, { node: 'a', zone: 'b', cidrs: ['10.0.1.0/24'] }),
      [
        'nodes.addresses.0: got {"cidrs":["10.0.0.0/24"]}, expected either node or zone',
        'nodes.addresses.1: got {"node":"a","zone":"b","cidrs":["10.0.1.0/24"]}, expected either node or zone',
      ],
    ],
    [
      'nodes by no regular expression',
      ofNodes({ node: 'worker-(', cidrs: ['10.0.0.0/24'] }),
      [
        'nodes.addresses.0.node: got "worker-(", expected a regular expression as Prometheus reads it (RE2) (missing closing ): `worker-(`)',
      ],
    ],
    [
      'a subnet that says nothing',
      subnets({ cidrs: ['10.0.0.0/24'] }),
      ['zones.subnets.0: got {"cidrs":["10.0.0.0/24"]}, expected a zone, a region or both'],
    ],
    [
      'a region without that of the cluster',
      subnets({ region: 'eu-west-1', cidrs: ['10.0.0.0/24'] }),
      ['cloud.region: got "", expected the region of the cluster, as zones.subnets.0.region is compared with it'],
    ],
    [
      'one name of two kinds',
      external({ cidrs: ['10.0.0.0/24'] }, { kind: 'cache', cidrs: ['10.0.1.0/24'] }),
      ['flows.external.1.kind: got "cache", expected database, as flows.external.0 has the same name'],
    ],
    [
      'two ways to one name, where one entry need not say it',
      external(
        { cidrs: ['10.0.0.0/24'] },
        { cidrs: ['10.0.1.0/24'], through: 'nat' },
        { cidrs: ['10.0.2.0/24'], through: 'direct' },
      ),
      ['flows.external.2.through: got "direct", expected nat, as flows.external.1 has the same name'],
    ],
    [
      'a way to what is in a zone of the region, and an endpoint for what is in another region or on the internet',
      {
        cloud: { region: 'eu-west-1' },
        ...external(
          { name: 'a', cidrs: ['10.0.0.0/24'], zone: 'eu-west-1a', region: 'eu-west-1', through: 'nat' },
          { name: 'b', cidrs: ['10.0.1.0/24'], region: 'us-east-1', zone: 'us-east-1a', through: 'endpoint' },
          { name: 'c', cidrs: ['10.0.2.0/24'], kind: 'internet', through: 'endpoint' },
          { name: 'd', cidrs: ['10.0.3.0/24'], region: 'us-east-1', zone: 'us-east-1a', through: 'nat' },
          { name: 'e', cidrs: ['10.0.4.0/24'], kind: 'storage', region: 'eu-west-1', through: 'endpoint' },
        ),
      },
      [
        'flows.external.0.through: got "nat", expected none, as what is in a zone of the region is reached without',
        'flows.external.1.through: got "endpoint", expected nat or direct, as a gateway endpoint leads to services of its own region',
        'flows.external.2.through: got "endpoint", expected nat or direct, as a gateway endpoint leads to services of its own region',
      ],
    ],
    [
      'an unknown way',
      external({ cidrs: ['10.0.0.0/24'], through: 'igw' }),
      ['flows.external.0.through: got "igw", expected one of nat, endpoint, direct'],
    ],
    [
      'a zone of the internet',
      external({ kind: 'internet', zone: 'a', cidrs: ['0.0.0.0/0'] }),
      ['flows.external.0: got "a", expected neither zone nor region, as the internet is in none'],
    ],
    [
      'a name and a zone that rules would take for something else',
      external({ name: 'a/b', cidrs: ['10.0.0.0/24'], zone: 'unknown' }),
      [
        `flows.external.0.name: got "a/b", expected a name such as orders-db: ${NAMED}`,
        `flows.external.0.zone: got "unknown", expected a zone such as eu-west-1a: ${NAMED}, internet, storage`,
      ],
    ],
    [
      'zones and regions that stand for ends beyond the cluster',
      external({ cidrs: ['10.0.0.0/24'], zone: 'internet' }, { cidrs: ['10.0.1.0/24'], zone: 'storage' }),
      [
        `flows.external.0.zone: got "internet", expected a zone such as eu-west-1a: ${NAMED}, internet, storage`,
        `flows.external.1.zone: got "storage", expected a zone such as eu-west-1a: ${NAMED}, internet, storage`,
      ],
    ],
    [
      'an unknown kind',
      external({ kind: 'databse', cidrs: ['10.0.0.0/24'] }),
      [
        'flows.external.0.kind: got "databse", expected one of database, cache, broker, storage, internet, other; did you mean database?',
      ],
    ],
    ['no ranges', external({ cidrs: [] }), ['flows.external.0.cidrs: got [], must not be empty']],
    [
      'a key that is missing',
      { flows: { external: [{ name: 'db', cidrs: ['10.0.0.0/24'] }] } },
      ['flows.external.0: got {"name":"db","cidrs":["10.0.0.0/24"]}, expected a mapping with name, kind and cidrs'],
    ],
    [
      'too many entries of nodes',
      ofNodes(...many(65).map((cidr) => ({ zone: 'a', cidrs: [cidr] }))),
      [expect.stringMatching(/^nodes[.]addresses: got .*, expected at most 64 items$/) as unknown as string],
    ],
  ])('%s', (_name, given, lines) => {
    expect(complaints(given)).toEqual(lines);
  });

  test('are all valid as they are documented', () => {
    const given = `
cluster: { cidrs: [10.0.0.0/16, 'fd00:10::/48'] }
cloud: { region: eu-west-1 }
nodes: { addresses: [{ zone: eu-west-1a, cidrs: [10.0.0.0/20] }, { node: 'worker-b.*', cidrs: [10.0.16.0/20] }] }
zones: { subnets: [{ zone: eu-west-1a, region: eu-west-1, cidrs: [10.0.0.0/16] }, { region: us-east-1, cidrs: [10.1.0.0/16] }] }
flows:
  external:
    - { name: orders-db, kind: database, zone: eu-west-1b, cidrs: [10.0.40.7/32] }
    - { name: orders-db, kind: database, zone: eu-west-1c, cidrs: [10.0.40.8/32] }
    - { name: internet, kind: internet, cidrs: [0.0.0.0/0, '::/0'], through: nat }
    - { name: s3, kind: storage, cidrs: [52.218.0.0/17], through: endpoint }
`;
    expect(complaintsOfYaml(given)).toEqual([]);
  });
});
