/** How many programs run at once: modest, as each of them is a whole process. */
export const WORKERS = 2;

/** Does the work for every item, at most `workers` at a time. Results stand in the order of the items. */
export async function inPool<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  workers: number = WORKERS,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    // One iterator for all workers: each takes what comes next.
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}
