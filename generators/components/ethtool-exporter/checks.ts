import { checkOf, problem, type Check } from '../../settings/check.ts';
import type { EthtoolExporterConfig } from './settings.ts';

const check = checkOf<EthtoolExporterConfig>();

/** What RE2 reads and Python, in which the exporter is written, does not or otherwise. */
const NOT_PYTHON = /\(\?(?!:)|\[\[:|\\[pPzQEC]|\\x\{/;

const daemonSet = check(['ethtool'], ({ ethtool: { exporter, device, daemonSet: settings } }) => {
  if (!settings.enabled) return [];
  if (exporter !== 'showmax') {
    return [problem('ethtool.daemonSet.enabled', true, `false, as ethtool.exporter is ${exporter}; or showmax there`)];
  }
  const expected = 'a regular expression that Python reads the same way, or ethtool.daemonSet.arguments of your own';
  return settings.arguments === null && NOT_PYTHON.test(device) ? [problem('ethtool.device', device, expected)] : [];
});

/** Whether the exporter can be had as asked. */
export const checks: readonly Check[] = [daemonSet];
