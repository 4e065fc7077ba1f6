/**
 * The running box for the page: it gathers events, publishes each once for all pages, and answers their requests. A part of the
 * composition: it knows the parts of the app and nothing of HTTP.
 */
import type { App } from '../app/app.ts';
import type { AppEvent } from '../app/events.ts';
import { frameStreams } from '../app/frame-streams.ts';
import type { Clock } from '../clock.ts';
import type { LaneConfig } from '../config/types.ts';
import type { LaneLive, Overview, QueueBrief, ReleaseListRow } from '../page/api/api.ts';
import type { Box, BoxListener } from '../page/box.ts';
import { RESERVE_BYTES } from '../store/files/picture-forecast.ts';
import type { Room } from '../store/types.ts';
import { judged } from './box-health.ts';
import { clockLive } from './clock-view.ts';
import { CurrentFaults } from './current-faults.ts';
import { devicesLive } from './device-view.ts';
import { diskLive } from './disk-view.ts';
import { affirmDuty, dutyView, signOn } from './duty-view.ts';
import { evidenceView } from './evidence-view.ts';
import { intakeView } from './intake-view.ts';
import { isSameLane, laneLive } from './lane-view.ts';
import { LastGaps } from './last-gaps.ts';
import { observationList } from './observation-view.ts';
import { paymentFate, paymentSheetCsv, paymentSheetView } from './payment-view.ts';
import { pushCapture, pushesView } from './pushes-view.ts';
import { destinationRows, PlatformCounts, pauseDestination, resumeDestination } from './queue/destination-rows.ts';
import { NO_QUEUE, queueBrief, queueView } from './queue/queue-view.ts';
import { receivedRow } from './received-row.ts';
import { recordList, releaseDetail, releaseList, releaseRow, releaseSlices } from './record-view.ts';
import { act, decide } from './release-actions.ts';
import { markRecords, reviewView } from './review-view.ts';
import { daySheetCsv, daySheetView, monthSheetCsv, monthSheetView, todayBrief, trendPicture } from './sheet-view.ts';
import { SignalHistories } from './signal-view.ts';
import { Thumbnails } from './thumbnails.ts';
import { timelineOf } from './timeline-view.ts';

/** Shortest interval between two updates of a lane. */
const LANE_MS = 100;
const QUEUE_MS = 1_000;
const ACTED_WITHIN_MS = 2_000;
/** Validity of the disk figures. */
const ROOM_MS = 10_000;

export interface BoxObserver {
  /** Called before the app is up, too. */
  on(event: AppEvent): void;
  /** Called when the app is up: publishes until `signal` aborts. */
  begin(app: App, signal: AbortSignal): Box;
}

type Watched = (line?: string) => boolean;

/** `watched`: whether a page watches the frames of a line, or anything; polled every second. */
export function createBoxObserver(clock: Clock, listener: BoxListener, watched: Watched): BoxObserver {
  const faults = new CurrentFaults(clock);
  let running: RunningBoxView | undefined;
  return {
    on: (event) => {
      const subject = faults.on(event);
      running?.on(event, subject);
    },
    begin: (app, signal) => {
      running = new RunningBoxView(app, faults, listener);
      running.begin(signal, watched);
      return running;
    },
  };
}

class RunningBoxView implements Box {
  readonly #app: App;
  readonly #faults: CurrentFaults;
  readonly #listener: BoxListener;
  readonly #signals: SignalHistories;
  readonly #gaps: LastGaps;
  readonly #lastReleases = new Map<string, ReleaseListRow>();
  readonly #shownLanes = new Map<string, LaneLive>();
  readonly #thumbnails = new Thumbnails();
  /** Lanes to be published. */
  readonly #changed = new Set<string>();
  #signal: AbortSignal = AbortSignal.abort();
  #queueChanged = false;
  readonly #platform = new PlatformCounts();
  /** As of the last time the disk answered. */
  #queue: QueueBrief = NO_QUEUE;
  #room: Room = { freeBytes: RESERVE_BYTES, framesBytes: 0 };
  #roomAtMs = Number.NEGATIVE_INFINITY;

  constructor(app: App, faults: CurrentFaults, listener: BoxListener) {
    this.#app = app;
    this.#faults = faults;
    this.#listener = listener;
    this.#gaps = new LastGaps(app);
    this.#signals = new SignalHistories((nowMs) => app.store.time.wallMsAt(nowMs));
  }

  begin(signal: AbortSignal, watched: Watched): void {
    const { config, store, watch } = this.#app;
    this.#signal = signal;
    for (const { id } of config.lanes) void this.#findLast(id);
    void this.#readGaps();
    const stops = [
      watch.watch({
        changed: (reading) => {
          const changed = this.#signals.reading(reading);
          if (changed !== undefined) this.#listener.reading(changed);
        },
      }),
      store.outbox.onChange(() => {
        this.#queueChanged = true;
      }),
      // Invalidates what is known of the disk.
      store.onNotice(({ kind }) => {
        this.#roomAtMs = Number.NEGATIVE_INFINITY;
        if (kind === 'corrected') void this.#readGaps();
      }),
    ];
    signal.addEventListener('abort', () => stops.forEach((stop) => void stop()), { once: true });
    void this.#everySecond(
      frameStreams(this.#app, signal, watched, (frame) => this.#listener.wire(frame)),
      watched,
    );
  }

  async #readGaps(): Promise<void> {
    await this.#gaps.read();
    for (const { id } of this.#app.config.lanes) this.#changeLane(id);
  }

  /** Not awaited: the disk may be slow. */
  async #findLast(laneId: string): Promise<void> {
    const [last] = await this.#app.store.review.list({ laneId, limit: 1 }).catch(() => []);
    if (last !== undefined && !this.#lastReleases.has(laneId)) this.#lastReleases.set(laneId, releaseRow(last));
  }

  on(event: AppEvent, subject: string | undefined): void {
    this.#gaps.on(event);
    if (event.kind === 'event' || event.kind === 'effect') this.#changeLane(event.lane.id);
    if (event.kind === 'record') this.#publishRelease(event.id);
    if (event.kind === 'receipt') {
      this.#platform.add(event.receipt);
      this.#queueChanged = true;
      this.#publishRelease(event.record.id);
    }
    if (event.kind === 'received') {
      const row = receivedRow(event.event, this.#wallMs(), event.expired);
      if (row !== undefined) this.#listener.received(row);
    }
    const device = subject === undefined ? undefined : this.#devices().find(({ id }) => id === subject);
    if (device !== undefined) this.#listener.device(device);
  }

  async overview(): Promise<Omit<Overview, 'config'>> {
    const { config, store } = this.#app;
    const [queue, room] = await Promise.all([this.#queueNow(), this.#roomNow()]);
    const facts = {
      destinations: await destinationRows(this.#app, queue, this.#platform).catch(orRefused(() => [])),
      lanes: config.lanes.flatMap((lane) => this.#lane(lane) ?? []),
      devices: this.#devices(),
      queue,
      clock: clockLive(store.time, this.#wallMs()),
      disk: diskLive(this.#app, room, this.#wallMs()),
    };
    return {
      atWallMs: this.#wallMs(),
      parkUuid: config.park.uuid,
      ...judged({
        ...{ ...facts, config, intake: intakeView(this.#app), ports: this.#intakeTrouble() },
        faultOf: (id) => this.#faults.wordsOf(id),
      }),
      ...facts,
      today: todayBrief(this.#app),
    };
  }

  releases: Box['releases'] = (filter) => releaseList(this.#app, filter);
  releaseSlices: Box['releaseSlices'] = (filter) => releaseSlices(this.#app, filter);
  release: Box['release'] = (id) => releaseDetail(this.#app, id);
  records: Box['records'] = (filter) => recordList(this.#app, filter);
  record: Box['record'] = async (id) => (await this.#app.store.review.get(id))?.record;
  timeline: Box['timeline'] = (id, seconds) => timelineOf(this.#app, id, seconds);
  queue: Box['queue'] = () => queueView(this.#app, (brief) => destinationRows(this.#app, brief, this.#platform));
  intake: Box['intake'] = () => intakeView(this.#app);
  pushes: Box['pushes'] = (camera) => pushesView(this.#app, camera);
  pushCapture: Box['pushCapture'] = (number) => pushCapture(this.#app, number);
  sheet: Box['sheet'] = (filter) => daySheetView(this.#app, filter);
  trend: Box['trend'] = (filter, language, width) => trendPicture(this.#app, filter, language, width);
  month: Box['month'] = (filter) => monthSheetView(this.#app, filter);
  monthCsv: Box['monthCsv'] = (filter, language) => monthSheetCsv(this.#app, filter, language);
  sheetCsv: Box['sheetCsv'] = (filter, language) => daySheetCsv(this.#app, filter, language);
  payments: Box['payments'] = (day, language) => paymentSheetView(this.#app, day, language);
  paymentsCsv: Box['paymentsCsv'] = (day, language) => paymentSheetCsv(this.#app, day, language);
  payment: Box['payment'] = (id, language) => paymentFate(this.#app, id, language);
  observations: Box['observations'] = () => observationList(this.#app);
  evidence: Box['evidence'] = () => evidenceView(this.#app);
  signals: Box['signals'] = () => this.#signals.view(this.#app);

  picture: Box['picture'] = (id, where) => {
    const { outbox } = this.#app.store;
    if (where === 'small') return this.#thumbnails.of(id, () => outbox.picture(id));
    return where === 'at' ? outbox.picture(id) : outbox.besidePicture(id, where);
  };

  review: Box['review'] = (id) => reviewView(this.#app, id);
  mark: Box['mark'] = (ids, mark) => markRecords(this.#app, ids, mark, (id) => this.#publishRelease(id));
  decide: Box['decide'] = async (ids, mark, voice) => {
    const decided = await decide(this.#app.store, ids, mark, voice);
    for (const { id } of decided.decided) this.#publishRelease(id);
    return decided;
  };
  duty: Box['duty'] = (own) => dutyView(this.#app, own);
  signOn: Box['signOn'] = (operator, lanes, on, session) => signOn(this.#app, { operator, lanes, on, session });
  report: Box['report'] = (report) => this.#app.store.looks.report(report);
  affirmDuty: Box['affirmDuty'] = (user, lanes) => affirmDuty(this.#app, user, lanes);
  importVehicles: Box['importVehicles'] = (csv, replace, who) => this.#app.register.importVehicles(csv, replace, who);

  act: Box['act'] = (id, action, who) => act(this.#app.store, id, action, who);

  retryAll: Box['retryAll'] = async (who) => {
    this.#app.uploads.resume();
    return this.#app.store.review.requeueAll(['held', 'parked', 'waiting'], who);
  };

  pause: Box['pause'] = (who, destination) => this.#acted(pauseDestination(this.#app, who, destination));
  resume: Box['resume'] = (destination) => this.#acted(resumeDestination(this.#app, destination));

  #acted(isDone: boolean): boolean {
    this.#queueChanged = true;
    return isDone;
  }

  paused: Box['paused'] = () => this.#app.uploads.state() === 'paused';

  get maintenanceMaxMs(): number {
    return this.#app.config.page.maintenanceMaxMs;
  }

  maintenance: Box['maintenance'] = async (laneId, { minutes, reason }, who) => {
    const { bridges, config, store, clock } = this.#app;
    const bridge = bridges.get(laneId);
    const lane = config.lanes.find(({ id }) => id === laneId);
    if (bridge === undefined || lane === undefined) return undefined;
    const atMs = bridge.nowMs();
    bridge.feed({
      kind: 'mode',
      mode: 'maintenance',
      on: minutes !== undefined,
      operator: who,
      ...(minutes !== undefined && { untilMs: atMs + minutes * 60_000 }),
      ...(reason !== undefined && { reason }),
      atMs,
    });
    // A refusing disk is no reason to wait: the lane is in this mode all the same.
    if (this.ready()) await store.journal.flush();
    // The engine acts a moment later, when earlier edges can no longer arrive.
    const untilMs = clock.nowMs() + ACTED_WITHIN_MS;
    const isOn = () => bridge.state.lane.kept.maintenance !== null;
    while (isOn() !== (minutes !== undefined) && clock.nowMs() < untilMs) await clock.sleep(LANE_MS / 2);
    return this.#lane(lane);
  };

  ready: Box['ready'] = () => {
    const { store } = this.#app;
    return store.status().stalled === undefined;
  };

  degraded: Box['degraded'] = () => this.#app.intakePorts.faults.length > 0;

  #intakeTrouble() {
    const { intakePorts, clock } = this.#app;
    return intakePorts.faults.map((fault) => ({ ...fault, forMs: Math.round(clock.nowMs() - fault.sinceMs) }));
  }

  unkept: Box['unkept'] = () => this.#app.store.status().unkept?.records ?? 0;

  #wallMs(): number {
    const { store, clock } = this.#app;
    return Math.round(store.time.wallMsAt(clock.nowMs()));
  }

  #devices() {
    return devicesLive({ app: this.#app, clock: this.#app.clock, faults: this.#faults });
  }

  #lane(lane: LaneConfig): LaneLive | undefined {
    const bridge = this.#app.bridges.get(lane.id);
    return bridge && laneLive(lane, bridge, this.#app, this.#lastReleases.get(lane.id), this.#gaps.of(lane.id));
  }

  /** Published a moment later, with what changes until then; a quiet box has no timer for it. */
  #changeLane(laneId: string): void {
    const isDue = this.#changed.size > 0;
    this.#changed.add(laneId);
    if (isDue) return;
    void this.#app.clock.sleep(LANE_MS, this.#signal).then(() => {
      if (!this.#signal.aborted) this.#publishLanes();
    });
  }

  /** Lanes with a visible change. */
  #publishLanes(): void {
    for (const lane of this.#app.config.lanes.filter(({ id }) => this.#changed.has(id))) {
      const now = this.#lane(lane);
      const before = this.#shownLanes.get(lane.id);
      if (now === undefined || (before !== undefined && isSameLane(before, now))) continue;
      this.#shownLanes.set(lane.id, now);
      this.#listener.lane(now);
    }
    this.#changed.clear();
  }

  async #publishQueue(): Promise<void> {
    if (!this.#queueChanged) return;
    this.#queueChanged = false;
    this.#listener.queue(await this.#queueNow());
  }

  /** The current record. A store that does not answer has reported that itself. */
  #publishRelease(id: number): void {
    void this.#app.store.review.get(id).then(
      (found) => {
        if (found === undefined) return;
        const row = releaseRow(found.record);
        const last = this.#lastReleases.get(row.laneId);
        if (last === undefined || row.id >= last.id) this.#lastReleases.set(row.laneId, row);
        this.#changeLane(row.laneId);
        this.#listener.release(row);
      },
      () => undefined,
    );
  }

  /** Without a usable database, the previous figures: the overview reports the disk's fault. */
  async #queueNow(): Promise<QueueBrief> {
    const { uploads } = this.#app;
    const before = () => ({ ...this.#queue, uploader: uploads.state() });
    this.#queue = await queueBrief(this.#app).catch(orRefused(before));
    return this.#queue;
  }

  async #roomNow(): Promise<Room> {
    const { store, clock } = this.#app;
    const nowMs = clock.nowMs();
    if (nowMs - this.#roomAtMs < ROOM_MS) return this.#room;
    const room = await store.looks.room().catch(orRefused(() => undefined));
    if (room === undefined) return this.#room;
    this.#room = room;
    this.#roomAtMs = nowMs;
    return room;
  }

  async #everySecond(updateFrames: () => void, watched: Watched): Promise<void> {
    while (!this.#signal.aborted) {
      await this.#app.clock.sleep(QUEUE_MS, this.#signal);
      if (this.#signal.aborted) return;
      updateFrames();
      if (!watched()) continue;
      // A page that comes gets the queue with its overview, one that comes back within a second.
      // A store that does not answer has reported that itself; the next round retries.
      void this.#publishQueue().catch(() => undefined);
    }
  }
}

/** Stands in for a result that the store refuses. */
const orRefused =
  <Instead>(instead: () => Instead) =>
  (error: unknown): Instead => {
    if (error instanceof Error && error.name === 'StoreError') return instead();
    throw error;
  };
