/**
 * The cameras of a configuration, each with its frame ring and its event stream, joined to the lanes that use it. A part of the
 * composition root: it knows how the parts of a camera fit together and nothing else.
 */

import type { Clock } from '../../clock.ts';
import { addressNote } from '../../config/camera-address.ts';
import { usesCamera, viewOf } from '../../config/lane-cameras.ts';
import type { Config, LaneConfig } from '../../config/types.ts';
import { usedPoints } from '../../config/used-points.ts';
import { type Camera, type CameraInputs, ProtocolError } from '../../driver.ts';
import { createCameraReads } from '../../intake/camera-reads.ts';
import type { PublishingCamera, PushingCamera } from '../../intake/intake-contract.ts';
import type { PushAccount } from '../../intake/pushes/push-account.ts';
import type { LaneEvent } from '../../lane/types.ts';
import { type CameraListener, superviseCamera } from '../../line/camera-events.ts';
import type { Log } from '../../log.ts';
import { cameraText } from '../../text/camera.ts';
import type { Bridge } from '../bridge.ts';
import type { AppOptions } from '../events.ts';
import { createCameraView } from '../watch/camera-view.ts';
import { createRing, RING_BYTES_MAX, type Ring } from './frame-ring.ts';

export interface LaneCamera {
  readonly ring: Ring;
  /** Its event push to the intake, if it has one. */
  readonly pushing?: PushingCamera;
  /** What it publishes at the broker of the intake, if it does. */
  readonly publishing?: PublishingCamera;
  /** Contacts wired to it, when a lane uses any. */
  readonly inputs?: CameraInputs;
  /** A person wants it asked now, also after a refused login. */
  tryNow?(): void;
  /** Reports whether it is reachable. */
  readonly reached: (on: boolean) => void;
  /** Subscribes to its event stream, if it has one, until `signal` aborts. */
  listen(on: Omit<CameraListener, 'event' | 'empty'>, signal: AbortSignal): readonly Promise<void>[];
}

export interface CamerasOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly wallMsAt: (nowMs: number) => number;
  /** Aborts pictures in progress. */
  readonly signal: AbortSignal;
  /** By lane; may be filled later. */
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly pushes: PushAccount;
  readonly on: AppOptions['on'];
}

/** To the lanes that use a camera. */
type Feed = (eventOf: (bridge: Bridge, lane: LaneConfig) => LaneEvent) => void;

/** One object per camera, shared by its lanes: refusals and connections are counted once. */
export function camerasOf(options: CamerasOptions): ReadonlyMap<string, LaneCamera> {
  const { config, clock, log } = options;
  return new Map(
    config.cameras.map((configured) => {
      const { id, kind, config: own } = configured;
      const note = addressNote(configured);
      if (note !== undefined) log.warn(note);
      const wanted = usedPoints(config, id);
      const named = new Set<string>();
      const namedElsewhere = (host: string): void => {
        if (named.has(host) || named.size > 8) return;
        named.add(host);
        log.warn(cameraText.namedElsewhere(id, host));
      };
      let isTold = false;
      const secondChannel = (channel: number): void => {
        options.pushes.camera(id).add({ outcome: 'none', why: 'secondChannel', detail: String(channel) });
        if (!isTold) log.warn(cameraText.secondChannel(id, channel));
        isTold = true;
      };
      const camera = kind.create(own, { clock, wanted, namedElsewhere, secondChannel });
      if (camera.push !== undefined && !config.intake.http.enabled) log.warn(cameraText.pushedNowhere(id));
      return [id, { ...laneCamera(id, camera, options), ...(wanted.size > 0 && { inputs: camera.inputs }) }];
    }),
  );
}

function laneCamera(id: string, { events, push, messages, ...camera }: Camera, options: CamerasOptions): LaneCamera {
  const { config, clock, log, bridges } = options;
  // Without a configured ring a picture is taken on demand only; its caller gets the fault.
  const { framesPerSecond, seconds } = camera.ring ?? { framesPerSecond: 0, seconds: 0 };
  const lanes = config.lanes.filter((lane) => usesCamera(lane, id));
  const feed: Feed = (eventOf) => {
    for (const lane of lanes) {
      const bridge = bridges.get(lane.id);
      if (bridge !== undefined) bridge.feed(eventOf(bridge, lane));
    }
  };
  const reached = reach(id, feed);
  const view = createCameraView((what, on) =>
    feed((bridge) => ({ kind: 'camera', camera: id, on: !on, view: what, atMs: bridge.nowMs() })),
  );
  const ring = createRing({
    camera,
    clock,
    framesPerSecond,
    seconds,
    bytesMax: RING_BYTES_MAX,
    onFault: () => reached(false),
    onPicture: (frame) => {
      reached(true);
      view(frame);
    },
    onAnswer: answers((error) => options.on({ kind: 'picture', camera: id, error })),
  });
  const account = options.pushes.camera(id);
  const { take } = createCameraReads({
    clock,
    plate: (plate, atMs, unrated) =>
      feed((bridge, lane) => {
        const { looks, side } = viewOf(lane, id) ?? {};
        const how = { ...(side && { side }), ...(looks === 'rear' && { behind: true }), ...(unrated && { unrated }) };
        return { kind: 'plate', plate, ...how, atMs: bridge.laneMs(atMs) };
      }),
    text: (text) => feed((bridge) => ({ kind: 'tick', aside: { text, source: id }, atMs: bridge.nowMs() })),
    witness: (witness, atMs) =>
      feed((bridge) => {
        const moment = { source: id, atMs: bridge.laneMs(atMs) };
        return { kind: 'tick', witness: { ...witness, ...moment }, atMs: bridge.nowMs() };
      }),
    picture: (frame) => ring.offer(frame),
    fetch: async (path) => {
      if (camera.pictureAt === undefined)
        throw new ProtocolError('unexpected', `${id} names a picture it cannot deliver`);
      return camera.pictureAt(path, options.signal);
    },
    wallMsAt: options.wallMsAt,
    clockOff: (offMs) => log.warn(cameraText.clockOff(id, Math.abs(offMs), offMs > 0)),
    became: account,
  });
  return {
    ring,
    ...(camera.tryNow && { tryNow: () => camera.tryNow?.() }),
    ...(push && { pushing: { push, take, account } }),
    ...(messages && { publishing: { messages, take, account } }),
    reached,
    listen: (on, signal) =>
      events === undefined
        ? []
        : [
            superviseCamera(
              { events },
              clock,
              { ...on, event: take, empty: () => account.add({ outcome: 'none', why: 'noRead' }) },
              signal,
            ),
          ],
  };
}

/** Passes on each failure, and the first picture after the start or a failure. */
function answers(report: (error?: unknown) => void): (error?: unknown) => void {
  let isWell = false;
  return (error) => {
    if (error !== undefined || !isWell) report(error);
    isWell = error === undefined;
  };
}

/** Feeds the reachability of a camera to its lanes: when it changes, and once after the start. */
function reach(camera: string, feed: Feed) {
  let known: boolean | undefined;
  return (on: boolean): void => {
    if (on === known) return;
    known = on;
    feed((bridge) => ({ kind: 'camera', camera, on, atMs: bridge.nowMs() }));
  };
}

/** Cameras that push to the intake, by id. */
export function pushing(cameras: ReadonlyMap<string, LaneCamera>): ReadonlyMap<string, PushingCamera> {
  return new Map([...cameras].flatMap(([id, camera]) => (camera.pushing === undefined ? [] : [[id, camera.pushing]])));
}

/** Cameras that publish at the broker. */
export function publishing(cameras: ReadonlyMap<string, LaneCamera>): readonly PublishingCamera[] {
  return [...cameras.values()].flatMap((camera) => camera.publishing ?? []);
}
