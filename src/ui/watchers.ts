/** Values outside of the drawing that it follows. */
import { useEffect, useState } from 'preact/hooks';

export interface Watchers {
  changed(): void;
  /** Draws again with every change. */
  use(): void;
}

export function watchers(): Watchers {
  const all = new Set<() => void>();
  return {
    changed: () => all.forEach((watcher) => void watcher()),
    use: () => {
      const [, draw] = useState(0);
      useEffect(() => {
        const watcher = (): void => draw((before) => before + 1);
        all.add(watcher);
        return () => void all.delete(watcher);
      }, []);
    },
  };
}
