import { type Schema, SOME_TEXT } from '../../schema/objects.ts';

/** Upstream: Grafana, pkg/util/shortid_generator.go; grafana-operator, spec.uid. */
export const DASHBOARD_UID: Schema = {
  type: 'string',
  maxLength: 40,
  pattern: '^[a-zA-Z0-9_-]+$',
  expected: 'a uid: up to 40 letters, digits, dashes and underscores',
};

/** The fields that every dashboard in the classic form must have; its panels have types of their own, which Grafana's SDK checks. */
export const CLASSIC_DASHBOARD: Schema = {
  type: 'object',
  required: ['uid', 'title', 'schemaVersion', 'panels'],
  properties: { uid: DASHBOARD_UID, title: SOME_TEXT, panels: { type: 'array' } },
};
