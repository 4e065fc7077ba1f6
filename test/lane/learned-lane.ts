/** A lane that has learned from twenty paying cars how its camera reads and how long vehicles are, and what its stories are made of. It expects nothing. */
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import type { Grant, LaneEffect, LaneEvent, LaneSettings, Release } from '../../src/lane/types.ts';
import { edge, START_MS } from './arbitrary.ts';
import { drive } from './drive.ts';

export const settings: LaneSettings = {
  ...DEFAULT_SETTINGS,
  roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'],
};
const EVERY_MS = 60_000;
export const CARS = 20;
export const AFTER_MS = START_MS + 1_000 + CARS * EVERY_MS;

export const plate = (text: string, atMs: number, confidence = 0.95): LaneEvent => ({
  kind: 'plate',
  plate: { text, confidence, color: 'blue' },
  atMs,
});
export const paid = (of: string | undefined, atMs: number): LaneEvent => {
  const grant: Grant = {
    id: `g-${of}-${atMs}`,
    scope: 'lane',
    ...(of !== undefined && { plate: of }),
    count: 1,
    kind: 'paid',
    issuedAtMs: atMs,
    source: 'http',
  };
  return { kind: 'grant', grant, atMs };
};
export const inOrder = (events: readonly LaneEvent[]): LaneEvent[] => [...events].sort((a, b) => a.atMs - b.atMs);
export const opened = (by: 'auto' | 'button', atMs: number): LaneEvent[] => [
  edge(by, true, atMs),
  edge('down', false, atMs + 150),
  edge(by, false, atMs + 300),
  edge('up', true, atMs + 1_650),
];
export const crosses = (atMs: number): LaneEvent[] => [
  edge('barrier', true, atMs),
  edge('approach', false, atMs + 1_400),
  edge('barrier', false, atMs + 2_600),
];
export const closed = (atMs: number): LaneEvent[] => [edge('up', false, atMs), edge('down', true, atMs + 1_500)];

/** Cars that pay on A, each read so long after it came onto it (before: negative), and then what follows. */
export function driven(
  readAfterMs: number,
  then: readonly LaneEvent[],
  others: Partial<LaneSettings> = {},
): readonly LaneEffect[] {
  const events: LaneEvent[] = settings.roles.map((role) => edge(role, role === 'down', START_MS));
  for (let index = 0; index < CARS; index += 1) {
    const atMs = START_MS + 10_000 + index * EVERY_MS;
    const text = `粤A${String(10_000 + index * 37).slice(-5)}`;
    events.push(
      ...[edge('approach', true, atMs), plate(text, atMs + readAfterMs), paid(text, atMs + 2_500)],
      ...[...opened('auto', atMs + 2_600), ...crosses(atMs + 5_000), ...closed(atMs + 8_600)],
    );
  }
  return drive([...inOrder(events), ...inOrder(then)], { ...settings, ...others }).effects;
}

/** The releases of all that. */
export const lane = (...words: Parameters<typeof driven>): readonly Release[] =>
  driven(...words).flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
