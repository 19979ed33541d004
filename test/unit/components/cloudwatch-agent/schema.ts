import { Ajv } from 'ajv';

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength }) as const;
const closed = (properties: object, others: object = {}) => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...others,
});
const names = { type: 'array', items: text(255) } as const;
const dimensions = { type: 'object', maxProperties: 30, additionalProperties: text(1024) } as const;
const empty = closed({});

/**
 * The keys of the agent's configuration that we may write. Upstream's objects that take any key are closed here, so that a misspelt key is found.
 * Upstream: aws/amazon-cloudwatch-agent, translator/config/schema.json: metricsDefinition, ethtoolDefinitions, ampDefinition,
 * generalAppendDimensionsDefinition, timeIntervalDefinition, logsDefinition and tracesDefinition; commit ab55b8d.
 */
const AGENT_CONFIG = closed(
  {
    metrics: closed(
      {
        metrics_destinations: closed(
          { cloudwatch: empty, amp: closed({ workspace_id: text(255) }, { required: ['workspace_id'] }) },
          { minProperties: 1 },
        ),
        force_flush_interval: { type: 'integer', minimum: 1, maximum: 172_800 },
        metrics_collected: closed(
          {
            ethtool: closed({
              interface_include: names,
              interface_exclude: names,
              metrics_include: names,
              append_dimensions: dimensions,
            }),
          },
          { minProperties: 1 },
        ),
      },
      { required: ['metrics_collected'] },
    ),
    logs: closed({
      metrics_collected: closed(
        {
          kubernetes: closed({ enhanced_container_insights: { type: 'boolean' } }),
          application_signals: empty,
        },
        { minProperties: 1 },
      ),
    }),
    traces: closed({ traces_collected: closed({ application_signals: empty }, { minProperties: 1 }) }),
  },
  { minProperties: 1 },
);

const validate = new Ajv({ allErrors: true }).compile(AGENT_CONFIG);

/** What the agent's schema would say against a configuration; empty if nothing. */
export const wrongIn = (config: unknown): readonly string[] =>
  validate(config) ? [] : (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
