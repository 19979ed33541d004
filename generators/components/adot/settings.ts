import { CPU, DNS_LABEL, IMAGE, LINE, MEMORY, URL_OR_PATH } from '../../schema/formats.ts';
import { MAX_INT32 } from '../../schema/limits.ts';
import { ENABLED, namespace, SECTION } from '../../schema/settings.ts';
import { PACKAGING, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { CLOUD } from '../../traffic/settings.ts';

/** Settings of the collector for Amazon Managed Service for Prometheus. */
export const ADOT = {
  ...SECTION,
  description:
    'A collector of the AWS Distro for OpenTelemetry that scrapes our jobs into Amazon Managed Service for Prometheus.',
  properties: {
    enabled: { ...ENABLED, description: 'Whether its manifests are written.' },
    name: { ...DNS_LABEL, default: 'adot-collector', description: 'Name of the OpenTelemetryCollector.' },
    namespace: namespace('monitoring', 'the collector'),
    serviceAccount: {
      ...DNS_LABEL,
      default: 'adot-collector',
      description: 'Service account with the permission aps:RemoteWrite (IRSA or Pod Identity).',
    },
    region: { ...LINE, default: '', description: 'AWS region of the workspace; empty for cloud.region.' },
    endpoint: {
      ...URL_OR_PATH,
      default: '',
      description:
        'Remote write URL of the workspace: https://aps-workspaces.REGION.amazonaws.com/workspaces/ID/api/v1/remote_write.',
    },
    image: {
      ...IMAGE,
      default: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3',
      description: 'The collector; it must hold sigv4auth, prometheus, batch and prometheusremotewrite.',
    },
    mode: {
      enum: ['deployment', 'statefulset'],
      default: 'deployment',
      description: 'deployment for one collector; statefulset where a target allocator shares the targets out.',
    },
    targetAllocator: { ...ENABLED, description: 'Share the targets out among replicas; takes mode statefulset.' },
    replicas: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_INT32,
      default: 1,
      description: 'Collectors; several take the target allocator.',
    },
    cpu: { ...CPU, default: '1', description: 'CPU request and limit.' },
    memory: { ...MEMORY, default: '2Gi', description: 'Memory request and limit.' },
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { adot: ADOT };
export const READS = { cloud: CLOUD, scrape: SCRAPE, packaging: PACKAGING };
export type AdotConfig = Slice<typeof SETTINGS & typeof READS>;
