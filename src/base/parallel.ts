/** Does `act` for every item, at most so many at a time; after a failure begins no more. Results are in the items' order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  most: number,
  act: (item: Item) => Promise<Result>,
): Promise<{ done: Result[]; failure: unknown }> {
  const results = new Map<number, Result>();
  const failures = new Map<number, unknown>();
  let next = 0;
  const work = async () => {
    while (next < items.length && failures.size === 0) {
      const index = next++;
      try {
        results.set(index, await act(items[index]!));
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  const inOrder = <T>(found: Map<number, T>): T[] => [...found].sort(([a], [b]) => a - b).map(([, value]) => value);
  return { done: inOrder(results), failure: inOrder(failures)[0] };
}
