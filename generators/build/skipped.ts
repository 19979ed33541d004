import type { Skipped } from '../model/report.ts';
import type { Config } from '../registry.ts';

const isUrl = (text: string): boolean => /^https?:/.test(text);

const relative = (links: string, reason: string): Skipped => ({ kind: `host of the ${links} links in alerts`, reason });

/** Hosts of links in alerts that the configuration does not name: such links work only from there. */
export const relativeLinks = ({ grafana, rules }: Config): readonly Skipped[] => [
  ...(isUrl(grafana.url) ? [] : [relative('dashboard', `grafana.url is ${grafana.url === '' ? 'empty' : 'no URL'}`)]),
  ...(isUrl(rules.runbookBaseUrl) ? [] : [relative('runbook', 'rules.runbookBaseUrl is no URL')]),
];
