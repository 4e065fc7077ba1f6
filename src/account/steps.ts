/**
 * Work in steps of a few milliseconds: the lanes' thread makes a sheet between two polls, and lets them go first at each `yield`. `finished` runs
 * it at a stretch, `unhurried` lets others in. Pure.
 */
export type Steps<Value> = Generator<void, Value>;

export function finished<Value>(steps: Steps<Value>): Value {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

export async function unhurried<Value>(steps: Steps<Value>, breathe: () => Promise<unknown>): Promise<Value> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await breathe();
  }
}
