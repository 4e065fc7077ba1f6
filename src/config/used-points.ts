/** Points of a device in use by lanes: the others need not be read. Pure. */
import type { Config } from './types.ts';

export function usedPoints({ lanes }: Pick<Config, 'lanes'>, deviceId: string): ReadonlySet<string> {
  const used = lanes.flatMap(({ points }) => Object.values(points));
  return new Set(used.filter(({ device }) => device === deviceId).map(({ point }) => point));
}
