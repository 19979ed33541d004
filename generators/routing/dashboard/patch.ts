import type { Column } from '../../panels/table.ts';
import { escapeRegex, labelReplace, promql, type Query, quotedList, withLabel } from '../../promql/index.ts';
import type { RoutingConfig } from '../settings.ts';

/** Names of the listed Services by their namespace. */
function listed({ routing }: RoutingConfig): readonly (readonly [namespace: string, names: readonly string[]])[] {
  const namespaces = [...new Set(routing.services.map(({ namespace }) => namespace))];
  return namespaces.map((namespace) => [
    namespace,
    routing.services.filter((one) => one.namespace === namespace).map(({ name }) => name),
  ]);
}

/** Stands in the column of Services without a patch. */
const UNLISTED = 'list it in routing.services';

/** Whether Grafana can open it: a path would be one of Grafana's own. */
const isAbsolute = (url: string): boolean => /^https?:\/\//.test(url);

/**
 * Adds the label `patch` to series of Services: the path of the patch that the build writes for it. Services that `routing.services` does not list
 * have none; the label then says so, unless it is a part of a link.
 */
export function withPatch(config: RoutingConfig, query: Query): Query {
  const without = isAbsolute(config.routing.patchesUrl) ? query : withLabel(query, 'patch', UNLISTED);
  const byNamespace = listed(config);
  if (byNamespace.length === 0) return without;
  const regex = byNamespace
    .map(([namespace, names]) => `(${escapeRegex(namespace)})/(${names.map(escapeRegex).join('|')})`)
    .join('|');
  // Of the alternatives, only one has groups that are not empty.
  const groups = (first: number) => byNamespace.map((_, index) => `\${${2 * index + first}}`).join('');
  const joined = promql`
    label_join(
      ${without},
      ${quotedList('namespace_service', '/', 'namespace', 'service')}
    )`;
  const patched = labelReplace(
    joined,
    'patch',
    `routing/${groups(1)}/service-${groups(2)}.yaml`,
    'namespace_service',
    regex,
  );
  return labelReplace(patched, 'namespace_service', '', '', '');
}

/** The runbook of an alert, as a link; none where its address is a path. */
export function runbookLink({ rules }: RoutingConfig, alert: string): Pick<Column, 'link'> {
  const base = rules.runbookBaseUrl.replace(/\/$/, '');
  return isAbsolute(base) ? { link: { title: 'How to mend it', url: `${base}/${alert}.md` } } : {};
}

/** The column with the patch of each Service: a link to the file where its address is known, else to the runbook. */
export function patchColumn(config: RoutingConfig): Column {
  const base = config.routing.patchesUrl.replace(/\/$/, '');
  const link = isAbsolute(base)
    ? // eslint-disable-next-line no-template-curly-in-string -- Grafana's own template
      { link: { title: 'The patch', url: `${base}/\${__data.fields.Patch}` } }
    : runbookLink(config, 'ServiceWithoutZoneHints');
  return { field: 'patch', title: 'Patch', width: 220, ...link };
}
