/** The signals around a release, from the journal, like a logic analyser. Lane times become wall times by the release's own. */
import type { App } from '../app/app.ts';
import type { LaneEvent } from '../lane/types.ts';
import type { Timeline } from '../page/api/api.ts';
import { eventText } from '../store/event-text.ts';

type Signal = Timeline['signals'][number];

export async function timelineOf(
  { store, config }: Pick<App, 'store' | 'config'>,
  id: number,
  seconds: number,
): Promise<Timeline | undefined> {
  const found = await store.review.get(id);
  if (found === undefined) return undefined;
  const { laneId, release, releaseWallMs } = found.record;
  const spanMs = seconds * 1_000;
  const around = await store.looks.around(laneId, release.releaseAtMs - spanMs, release.releaseAtMs + spanMs);
  if (around === undefined) return undefined;
  const wallMs = (atMs: number) => Math.round(releaseWallMs + atMs - release.releaseAtMs);
  const seen = new Set([...around.before, ...around.rows].flatMap((event) => ('role' in event ? [event.role] : [])));
  const wired = config.lanes.find((lane) => lane.id === laneId)?.settings.roles ?? [];
  const roles = [...wired, ...[...seen].filter((role) => !wired.includes(role))];
  return {
    fromWallMs: wallMs(release.releaseAtMs - spanMs),
    toWallMs: wallMs(release.releaseAtMs + spanMs),
    releaseWallMs: Math.round(releaseWallMs),
    signals: roles.map((role): Signal => {
      const of = (events: readonly LaneEvent[]) => events.filter((event) => 'role' in event && event.role === role);
      return {
        role,
        before: levelOf(of(around.before).at(-1)),
        edges: of(around.rows).map((event) => ({ atWallMs: wallMs(event.atMs), level: levelOf(event) })),
      };
    }),
    marks: around.rows.flatMap((event) => {
      const text = eventText(event);
      return text === undefined ? [] : [{ atWallMs: wallMs(event.atMs), text }];
    }),
  };
}

function levelOf(event: LaneEvent | undefined): boolean | null {
  return event?.kind === 'edge' ? event.on : null;
}
