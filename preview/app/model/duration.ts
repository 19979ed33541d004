/** Milliseconds in each unit of a duration. A month is 30 days and a year 365, as in Grafana's intervals. */
export const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/**
 * Milliseconds of a duration such as `30s`, `1m30s` or `1d`; also with a leading `>`, which Grafana allows for least intervals.
 *
 * @throws Error that names the text when it is none
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim().replace(/^>\s*/, '');
  if (!/^(\d+(\.\d+)?(ms|[smhdwMy]))+$/.test(trimmed))
    throw new Error(`got "${text}", expected a duration such as 30s, 5m or 1h`);
  const parts = trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwMy])/g);
  return [...parts].reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
}

/** A duration as Prometheus reads it, with whole numbers of days down to milliseconds: `1h30m`. Parts of a millisecond are lost. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms);
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const size = UNITS[unit] ?? 1;
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  return text === '' ? '0s' : text;
}
