import { CPU, DNS_LABEL, IMAGE, LINE, MEMORY, ENDPOINT } from '../../schema/formats.ts';
import { MAX_INT32 } from '../../schema/limits.ts';
import { choice, count, flag, inUnit, namespace, section, value } from '../../schema/settings.ts';
import { PACKAGING, SCRAPE } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { CLOUD } from '../../settings/cloud.ts';

/** Settings of the collector for Amazon Managed Service for Prometheus. */
export const ADOT = section(
  'A collector of the AWS Distro for OpenTelemetry that runs our scrape jobs and writes to Amazon Managed Service for Prometheus.',
  {
    enabled: flag(false, 'Whether to write its manifests.'),
    name: value(DNS_LABEL, 'adot-collector', 'Name of the OpenTelemetryCollector.'),
    namespace: namespace('monitoring', 'the collector'),
    serviceAccount: value(
      DNS_LABEL,
      'adot-collector',
      'Service account with the permission aps:RemoteWrite (IRSA or Pod Identity).',
    ),
    region: value(LINE, '', 'AWS region of the workspace; empty means cloud.region.'),
    endpoint: value(
      ENDPOINT,
      '',
      'Remote write URL of the workspace: https://aps-workspaces.REGION.amazonaws.com/workspaces/ID/api/v1/remote_write.',
    ),
    image: value(
      IMAGE,
      'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3',
      'Collector image; it must include sigv4auth, prometheus, batch and prometheusremotewrite.',
    ),
    mode: choice(
      ['deployment', 'statefulset'],
      'deployment',
      'deployment for a single collector; statefulset with a target allocator.',
    ),
    targetAllocator: flag(false, 'Distribute the targets among replicas; needs mode statefulset.'),
    replicas: inUnit(
      'pods',
      count(1, 'Number of collectors; more than one needs the target allocator.', { maximum: MAX_INT32 }),
    ),
    cpu: value(CPU, '1', 'CPU request and limit.'),
    memory: value(MEMORY, '2Gi', 'Memory request and limit.'),
  },
);

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { adot: ADOT };
export const READS = { cloud: CLOUD, scrape: SCRAPE, packaging: PACKAGING };
export type AdotConfig = Slice<typeof SETTINGS & typeof READS>;
