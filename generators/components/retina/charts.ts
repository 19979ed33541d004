import { helmCommand } from '../../shared/apply.ts';
import type { RetinaConfig } from './settings.ts';

/** A list in a string, as both charts expect it. packetparser observes the flows. */
export const retinaPlugins = (...more: readonly string[]): string =>
  JSON.stringify(['linuxutil', 'packetforward', 'packetparser', 'dns', 'dropreason', ...more]);

/** Retina's charts: standard mode, and the Hubble control plane. */
type Chart = 'retina' | 'retina-hubble';

type Image = 'retina-agent' | 'retina-init' | 'retina-operator';

/** A Retina image at the configured release. */
export const retinaImage = ({ retina }: RetinaConfig, name: Image) => ({
  repository: `ghcr.io/microsoft/retina/${name}`,
  tag: retina.version,
});

/**
 * File header line for a release installed from Retina's other chart: Helm cannot convert it. Both releases are named retina, and both
 * DaemonSets retina-agent, but their selectors differ, and a selector is immutable.
 * Upstream: microsoft/retina, deploy/hubble and deploy/standard, templates of the agent.
 */
export const overTheOtherChart = (other: Chart): string =>
  `If the chart ${other} is installed, uninstall it first: the selector of its DaemonSet cannot be changed.`;

/** The command that installs either chart, under the name that both releases must have. */
export const install = ({ retina: { version, namespace } }: RetinaConfig, chart: Chart): string =>
  helmCommand({ release: 'retina', chart: `oci://ghcr.io/microsoft/retina/charts/${chart}`, version, namespace });
