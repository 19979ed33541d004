import { CPU, DNS_LABEL, IMAGE, LINE, MEMORY, URL_OR_PATH } from '../../schema/formats.ts';
import { MAX_INT32 } from '../../schema/limits.ts';
import { ENABLED, namespace, SECTION } from '../../schema/settings.ts';
import { PACKAGING, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { CLOUD } from '../../traffic/settings.ts';

/** The collector for Amazon Managed Service for Prometheus. */
export const ADOT = {
  ...SECTION,
  description:
    'A collector of the AWS Distro for OpenTelemetry that runs our scrape jobs and writes to Amazon Managed Service for Prometheus.',
  properties: {
    enabled: { ...ENABLED, description: 'Whether to write its manifests.' },
    name: { ...DNS_LABEL, default: 'adot-collector', description: 'Name of the OpenTelemetryCollector.' },
    namespace: namespace('monitoring', 'the collector'),
    serviceAccount: {
      ...DNS_LABEL,
      default: 'adot-collector',
      description: 'Service account with the permission aps:RemoteWrite (IRSA or Pod Identity).',
    },
    region: { ...LINE, default: '', description: 'AWS region of the workspace; empty means cloud.region.' },
    endpoint: {
      ...URL_OR_PATH,
      default: '',
      description:
        'Remote write URL of the workspace: https://aps-workspaces.REGION.amazonaws.com/workspaces/ID/api/v1/remote_write.',
    },
    image: {
      ...IMAGE,
      default: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3',
      description: 'Collector image; it must include sigv4auth, prometheus, batch and prometheusremotewrite.',
    },
    mode: {
      enum: ['deployment', 'statefulset'],
      default: 'deployment',
      description: 'deployment for a single collector; statefulset with a target allocator.',
    },
    targetAllocator: { ...ENABLED, description: 'Distribute the targets among replicas; needs mode statefulset.' },
    replicas: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_INT32,
      default: 1,
      description: 'Number of collectors; more than one needs the target allocator.',
    },
    cpu: { ...CPU, default: '1', description: 'CPU request and limit.' },
    memory: { ...MEMORY, default: '2Gi', description: 'Memory request and limit.' },
  },
} as const;

/** Its own sections, those of other components that it reads, and the type of both. */
export const SETTINGS = { adot: ADOT };
export const READS = { cloud: CLOUD, scrape: SCRAPE, packaging: PACKAGING };
export type AdotConfig = Slice<typeof SETTINGS & typeof READS>;
