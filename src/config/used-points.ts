/** Which points of a device the lanes use: what nobody uses need not be read. Pure. */
import type { Config } from './types.ts';

export function wantedPoints({ lanes }: Pick<Config, 'lanes'>, deviceId: string): ReadonlySet<string> {
  const used = lanes.flatMap(({ points }) => Object.values(points));
  return new Set(used.filter(({ device }) => device === deviceId).map(({ point }) => point));
}
