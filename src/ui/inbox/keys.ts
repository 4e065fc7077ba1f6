/** Keys that work without a field to type in. */

/** Lower case; undefined: it is typed into something, held down, or meant for the browser. */
export function keyOf({ key, target, repeat, ctrlKey, metaKey, altKey }: KeyboardEvent): string | undefined {
  const isTyped =
    target instanceof HTMLElement && target.closest('input:not([type=checkbox]), select, textarea, dialog') !== null;
  return isTyped || repeat || ctrlKey || metaKey || altKey ? undefined : key.toLowerCase();
}
