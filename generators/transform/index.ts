import type { Config, ConfigInput } from '../registry.ts';
import { messageOf, ProblemError } from '../schema/problems.ts';
import { Editor, type Parts } from './editor.ts';

export { alert, dashboard, panel, record, withJson, withUnit } from './builders.ts';
export type { AlertInput, DashboardInput, PanelInput, RecordInput } from './builders.ts';
export { Editor, type PanelPlace, type Parts, type RulePlace } from './editor.ts';

/**
 * Changes what a configuration generates, by name. Runs for each cluster of a fleet, with its configuration.
 * @throws anything: it is reported as a problem of the configuration.
 */
export type Transform = (edit: Editor, config: Config) => void;

/** The content of a configuration in TypeScript: settings, and what only a file or a program can say. */
export interface ConfigFile extends ConfigInput {
  /** The path of a configuration whose settings apply where this one says nothing. */
  readonly extends?: string;
  /** Rule files and dashboards of your own: paths or patterns. */
  readonly extra?: { readonly rules?: readonly string[]; readonly dashboards?: readonly string[] };
  /** The clusters of a fleet, by name. */
  readonly clusters?: Readonly<Record<string, ConfigInput | null>>;
  readonly fleet?: { readonly shared?: readonly string[] };
  readonly transform?: Transform;
}

/** A configuration, typed. @example export default defineConfig({ cluster: { name: 'prod' }, transform(edit) { edit.removeAlert('CoreDNSDown'); } }) */
export const defineConfig = (config: ConfigFile): ConfigFile => config;

/**
 * Parts as `transform` leaves them.
 * @throws ProblemError for what it throws.
 */
export function transformed(transform: Transform, parts: Parts, config: Config): Parts {
  const editor = new Editor(parts, config.rules.interval);
  try {
    const answer: unknown = transform(editor, config);
    if (answer instanceof Promise) {
      answer.catch(() => undefined);
      throw new TypeError('returned a promise, expected that it has ended: what a build depends on must be there');
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('transform', [{ path: '', message: `cannot be run: ${messageOf(error)}` }]);
  }
  return editor.parts;
}
