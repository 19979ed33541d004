import { CPU, IMAGE, MEMORY, DNS_LABEL } from '../../schema/formats.ts';
import { choice, count, flag, inUnit, list, section, value } from '../../schema/settings.ts';
import { PACKAGING } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { ZONES } from '../../identity/index.ts';
import { CLOUD } from '../../settings/cloud.ts';
import { FLOWS } from '../../traffic/settings.ts';
import { RETINA } from '../retina/settings.ts';

/** The value of a zone's node label, short enough for the names of the objects of the zone. */
const ZONE = {
  type: 'string',
  maxLength: 50,
  pattern: '^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$',
  expected: 'a zone of up to 50 letters, digits, dashes, dots and underscores such as us-east-1a',
} as const;

/**
 * The image of Node.js on Alpine Linux, for amd64 and arm64, which has the user 1000.
 * Upstream: nodejs/docker-node, versions.json and 24/alpine3.24/Dockerfile.
 */
const PINNED = 'node:24.19.0-alpine3.24';

/** Traffic of a known size. */
export const TRAFFIC_CHECK = section(
  'Traffic of a known size within and across zones, to compare with what is recorded.',
  {
    enabled: flag(false, 'Whether to write the manifest. Where traffic between zones costs money, so does the check.'),
    zones: list(
      ZONE,
      [],
      'Zones with a client and a server each, as the nodes are labelled (zones.nodeLabel); at least two. Every client sends to every server.',
      // Pairs of them grow with the square; no region has more than six, with those of its local zones twenty or so.
      { maxItems: 20 },
    ),
    namespace: value(
      DNS_LABEL,
      'traffic-check',
      'Namespace of its own, which the manifest creates: deleting it ends the check.',
    ),
    bytesPerSecond: inUnit(
      'bytes/s',
      count(50_000, 'What each client sends to each server.', { minimum: 10_000, maximum: 1_000_000 }),
    ),
    through: choice(
      ['service', 'pod'],
      'service',
      "service: clients call the address of a Service; pod: the server pod's own address (a headless Service).",
    ),
    image: value(IMAGE, PINNED, 'Pinned image with Node.js 20 or newer as the program node.'),
    cpu: value(CPU, '200m', 'CPU limit of each pod.'),
    memory: value(MEMORY, '128Mi', 'Memory request and limit of each pod.'),
  },
);

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { trafficCheck: TRAFFIC_CHECK };
export const READS = { zones: ZONES, cloud: CLOUD, flows: FLOWS, retina: RETINA, packaging: PACKAGING };
export type TrafficCheckConfig = Slice<typeof SETTINGS & typeof READS>;
