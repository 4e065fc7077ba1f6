/** A lane for the page. It renders the engine's view; it decides nothing. */

import type { App } from '../app/app.ts';
import type { Bridge } from '../app/bridge.ts';
import type { LaneConfig } from '../config/types.ts';
import { LOOPS } from '../lane/state.ts';
import { alarmOf, laneView } from '../lane/view.ts';
import type { LaneLive, ReleaseListRow } from '../page/api/api.ts';
import { given } from '../text/given.ts';
import { alarmText, changedText } from '../text/lanes/lane.ts';

export function laneLive(
  lane: LaneConfig,
  bridge: Bridge,
  { store, clock, reporting }: Pick<App, 'store' | 'clock' | 'reporting'>,
  lastRelease: ReleaseListRow | undefined,
  lastGap: LaneLive['lastGap'],
): LaneLive {
  const view = laneView(bridge.state, lane.settings);
  const nowMs = bridge.nowMs();
  const wallMs = (atMs: number) => Math.round(store.time.wallMsAt(clock.nowMs() + atMs - nowMs));
  const { maintenance } = bridge.state.lane.kept;
  const { lastPlate, opening, arm, degraded, modes, bodies, passages } = view;
  const { id, name, direction, camera } = lane;
  return {
    ...{ id, name, direction, arm, degraded, modes, bodies, passages, ...given({ lastRelease, lastGap, camera }) },
    armForMs: Math.max(0, nowMs - view.armSinceMs),
    levels: view.levels as Readonly<Record<string, boolean | null>>,
    occupiedForMs: Object.fromEntries(
      LOOPS.flatMap((loop) =>
        view.loops[loop] === true ? [[loop, Math.max(0, nowMs - bridge.state.lane.changedMs[loop])]] : [],
      ),
    ),
    ...(maintenance !== null && {
      maintenance: {
        ...(maintenance.untilMs !== null && { untilWallMs: wallMs(maintenance.untilMs) }),
        ...(maintenance.reason !== null && { reason: maintenance.reason }),
      },
    }),
    alarms: view.alarms.map((code) => {
      const { [code]: changed } = view.changed;
      const details = changed?.atMs !== undefined && { details: changedText(changed, wallMs(changed.atMs)) };
      return { code, text: alarmText({ ...alarmOf(code), on: true }), ...details };
    }),
    hiddenViews: bridge.state.lane.kept.gaps.flatMap(({ why, name }) =>
      why === 'cameraCovered' || why === 'cameraFrozen' ? [{ camera: name, why }] : [],
    ),
    ...(opening && { openingForMs: Math.max(0, nowMs - opening.sinceMs) }),
    granted: view.granted || opening?.granted === true,
    ...(lastPlate && {
      lastPlate: {
        ...{ text: lastPlate.text, atWallMs: wallMs(lastPlate.atMs) },
        ...given({ color: lastPlate.color }),
      },
    }),
    ...(lane.second && { second: { camera: lane.second.camera, looks: lane.second.looks } }),
    reporting: reporting.view(id),
    ...(view.joinedPulses.pulses > 0 && { joinedPulses: view.joinedPulses }),
  };
}

/** Whether two views of a lane differ only by time. */
export function isSameLane(a: LaneLive, b: LaneLive): boolean {
  const still = ({ armForMs: _a, openingForMs: _o, occupiedForMs: _l, ...rest }: LaneLive): string =>
    JSON.stringify({ ...rest, isOpen: _o !== undefined });
  return still(a) === still(b);
}
