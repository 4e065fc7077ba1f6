/** The cameras of one lane, for each way one, and an overview camera besides. It must not know who has paid. */
import type { PlateRead } from '../../lane/types.ts';
import type { Mover } from '../movers.ts';
import { createRandom, type Random } from '../random.ts';
import { createSight, type Sight, type SightManner } from './sight.ts';
import type { Site } from './site.ts';

export interface LaneSights {
  /** The first loop of this way has risen. */
  trigger(way: 1 | -1, atMs: number): void;
  look(movers: readonly Mover[], nowMs: number, stepMs: number): void;
}

export function createLaneSights(
  site: Site,
  manner: SightManner,
  random: Random,
  onRead: (mover: Mover, read: PlateRead, camera: 1 | 2, atMs: number) => void,
): LaneSights {
  // Chance of its own, so that the lane goes the same whether it is there or not.
  const overviewRandom = createRandom(random.next() * 2 ** 32);
  const first = (): Sight =>
    createSight(site.camera, manner, random, (mover, read, atMs) => onRead(mover, read, 1, atMs));
  const overview = (): Sight =>
    createSight(site.overview, manner, overviewRandom, (mover, read, atMs) => onRead(mover, read, 2, atMs));
  const sights = { 1: [first(), overview()], [-1]: [first(), overview()] } as const;
  return {
    trigger: (way, atMs) => sights[way][0].trigger(atMs),
    look: (movers, nowMs, stepMs) => {
      const way = movers[0]?.way;
      if (way === undefined) return;
      for (const sight of sights[way]) sight.look(movers, nowMs, stepMs);
    },
  };
}
