/** Why Prometheus does not answer through the host of the page; undefined when it does. */
export async function whyUnreachable(previewUrl: string): Promise<string | undefined> {
  const response = await fetch(`${previewUrl}/prometheus/api/v1/query?query=1`);
  if (response.ok) return undefined;
  const { error } = (await response.json().catch(() => ({}))) as { readonly error?: string };
  return error ?? `Prometheus answers ${response.status}`;
}
