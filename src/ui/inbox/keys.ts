/** Keys that work without a field to type in. */
import { useLayoutEffect } from 'preact/hooks';

/** Lower case; undefined: it is typed into something, held down, or meant for the browser. */
function keyOf({ key, target, repeat, ctrlKey, metaKey, altKey }: KeyboardEvent): string | undefined {
  const isTyped =
    target instanceof HTMLElement && target.closest('input:not([type=checkbox]), select, textarea, dialog') !== null;
  return isTyped || repeat || ctrlKey || metaKey || altKey ? undefined : key.toLowerCase();
}

/**
 * `press`: whether the key was meant. In force before the next key: an effect that waits for the screen would still have the answer of before, and lose
 * the key.
 */
export function useKeys(press: (key: string | undefined, event: KeyboardEvent) => boolean): void {
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (press(keyOf(event), event)) event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  });
}
