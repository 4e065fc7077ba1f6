/**
 * The day before the demonstration: a simulated day of its lane in virtual time, its account and its records in the store, so that the sheet
 * has every column and the list a past; and the account of the month before it (demo-month.ts). It must not know how a verdict is reached.
 */

import type { OnDuty } from '../../account/account.ts';
import { rowsOf } from '../../account/closing.ts';
import { beginOf, dayOf, daysAfter } from '../../account/days.ts';
import { rosterAt } from '../../account/duty/roster.ts';
import { LaneAccount } from '../../account/lane-account.ts';
import { sheetLine } from '../../account/lines.ts';
import { stayFen, type Tariff, tariffFor } from '../../account/tariff.ts';
import { Bridge } from '../../app/bridge.ts';
import { releaseRecord } from '../../app/release-record.ts';
import type { Clock } from '../../clock.ts';
import type { Config, LaneConfig } from '../../config/types.ts';
import { REPORTED_KINDS, type Release } from '../../lane/types.ts';
import { drawPicture } from '../../sim/pictures/picture.ts';
import { seenCar } from '../../sim/street.ts';
import type { WorldManner } from '../../sim/worlds/manner.ts';
import { playPark } from '../../sim/worlds/park.ts';
import type { Message, ParkRecording } from '../../sim/worlds/truth.ts';
import { WORLDS } from '../../sim/worlds/worlds.ts';
import type { NewRecord, OwedSum, PutRecord } from '../../store/record-types.ts';
import { openStore } from '../../store/store.ts';
import type { Outbox, Store } from '../../store/types.ts';
import { demoDayText } from '../../text/commands/demo-day.ts';
import { watchPark } from '../detection/detection-park.ts';
import { moved } from '../scenario/scenario-hardware.ts';
import { monthBefore } from './demo-month.ts';

const VEHICLES = 230;
/** Of a day that closes, with every column of the account that can be explained; its test says when a changed world no longer gives them. */
const SEED = 8;
/** A small exit on a bad day: more of what the sheet is for than most see in a week. */
const MANNER: WorldManner = {
  ...WORLDS.ordinary,
  mix: {
    ...WORLDS.ordinary.mix,
    ...{ button: 40, remote: 16, key: 8, software: 20, follower: 50, fakeExit: 16, backOut: 12, nobody: 10, slip: 6 },
  },
  manners: { ...WORLDS.ordinary.manners, perHour: 13 },
  feed: { ...WORLDS.ordinary.feed, late: 0.08, veryLate: 0.03, never: 0.01, twice: 0.02, complete: true },
  outages: {},
};
const BEGIN_HOUR = 7;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Of what is told with a payment, in yuan. */
const FEES = [5, 10, 15, 20];
/** Each takes a tenth of a second, and the page waits for all: the newest records have one. */
const PICTURES_MOST = 16;
const WIRE = { pollMs: 25, baudRate: 38_400, boards: 1 };

export interface YesterdayOptions {
  readonly config: Config;
  readonly clock: Clock;
}

/** Before the program runs on the folder, which nothing has run on before, while `clock` stands still. The lane's loop of the program lives the day, on a clock set by hand. */
export async function simulateYesterday({ config, clock: real }: YesterdayOptions): Promise<void> {
  const [lane] = config.lanes;
  if (lane === undefined) return;
  const day = daysAfter(dayOf(real.wallMs()), -1);
  const beginWallMs = beginOf(day) + BEGIN_HOUR * HOUR_MS;
  const park = withIncidents(playPark(MANNER, VEHICLES, SEED), beginWallMs);
  // Its management system tells of all payments: what the software lets out without one shows.
  const settings = { ...lane.settings, tells: REPORTED_KINDS, autoCommandIsGrant: false };
  const wiring = { settings, wire: WIRE, cameras: 1, beam: false, feed: true } as const;
  const run = watchPark(park, wiring).get(park.lanes[0]?.lane ?? '');
  if (run === undefined) return;
  const wallOffsetMs = Math.round(real.wallMs() - real.nowMs());
  const byMs = Math.round(beginWallMs - wallOffsetMs - park.startMs);
  const clock = clockByHand(park.startMs + byMs, wallOffsetMs);
  const store = await openStore({ ...config.store, clock, wallTrusted: true });
  try {
    const wallOf = (laneMs: number): number => laneMs - store.boot.laneOffsetMs + wallOffsetMs;
    const dutyAt = (wallMs: number): OnDuty | undefined => {
      const [shift] = rosterAt(config.duty.roster, wallMs);
      return shift && { operator: shift.operator, sinceWallMs: shift.fromWallMs };
    };
    const owed = owedBy(config.tariff, wallOf);
    const account = new LaneAccount(lane.id, { wallOf, dutyOf: (laneMs) => dutyAt(wallOf(laneMs)), owedOf: owed });
    const pictured = (run.given.at(-PICTURES_MOST)?.release.releaseAtMs ?? 0) + byMs;
    const records = new DayRecords(store, { config, lane, clock, owed, pictured });
    const bridge = new Bridge({
      ...{ laneId: lane.id, settings, signals: {}, clock, boot: store.boot, journal: store.journal, account },
      outbox: records.outbox,
      observe: (gap) => store.looks.observe(lane.id, gap),
      wallMsAt: (nowMs) => nowMs + wallOffsetMs,
      record: (release, wallMs) => records.record(release, wallMs),
      on: { failed: (error) => records.failed.push(error) },
    });
    await bridge.start();
    await store.watched();
    for (const event of run.journal) {
      if (event.atMs + byMs > real.nowMs()) break;
      clock.set(event.atMs + byMs);
      bridge.feed(moved(event, byMs));
      await records.kept();
      if (event.kind === 'sent') await records.deliver(event.releaseId);
    }
    await records.review();
    const days = account.changed();
    const before = days.flatMap((one) => (one.day === day ? monthBefore(day, one.rows, dutyAt) : []));
    await Promise.all([...before, ...days].map((one) => keepDay(store, lane, one)));
    clock.set(real.nowMs());
    await bridge.stop();
    if (records.failed.length > 0) throw records.failed[0];
  } finally {
    await store.close();
  }
}

interface HandClock extends Clock {
  set(nowMs: number): void;
}

/** Its time passes only when it is set, and nobody who sleeps is woken by it. */
function clockByHand(startMs: number, wallOffsetMs: number): HandClock {
  let now = startMs;
  return {
    nowMs: () => now,
    wallMs: () => now + wallOffsetMs,
    sleep: (_, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) resolve();
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
    set: (nowMs) => {
      now = nowMs;
    },
  };
}

/** Of three unpaid exits one was asked for its fee, and of one it is known when it came in. */
function owedBy(tariffs: readonly Tariff[], wallOf: (laneMs: number) => number) {
  return ({ id, plate, releaseAtMs }: Pick<Release, 'id' | 'plate' | 'releaseAtMs'>): OwedSum | undefined => {
    const number = Number(id.split('-').at(-1)?.replace(/\D/g, ''));
    const wallMs = wallOf(releaseAtMs);
    if (plate === undefined) return undefined;
    const told = { plate: plate.text, by: 'told', wallMs: wallMs - MINUTE_MS } as const;
    if (number % 3 === 0) return { ...told, amount: 100 * (FEES[number % FEES.length] ?? 5) };
    const enteredMs = wallMs - (20 + ((number * 37) % 300)) * MINUTE_MS;
    const tariff = number % 3 === 1 ? tariffFor(tariffs, { carType: '1' }) : undefined;
    const amount = tariff && stayFen(tariff, enteredMs, wallMs);
    return amount === undefined ? undefined : { plate: plate.text, by: 'tariff', amount, wallMs: enteredMs };
  };
}

const keepDay = (store: Store, lane: LaneConfig, { day, rows }: ReturnType<LaneAccount['changed']>[number]) =>
  store.accounts.keep(lane.id, day, JSON.stringify(rows), JSON.stringify(sheetLine(day, rowsOf(rows.rows))));

/** Modes that no traffic brings, at fixed times of the day; and what was paid. */
function withIncidents(park: ParkRecording, beginWallMs: number): ParkRecording {
  const lane = park.lanes[0]?.lane ?? '';
  const at = (hour: number, minute: number): number =>
    park.startMs + (hour - BEGIN_HOUR) * HOUR_MS + minute * MINUTE_MS;
  const mode = (name: 'maintenance' | 'freePassage', from: number, minutes: number): readonly Message[] => [
    { kind: 'mode', lane, mode: name, on: true, operator: demoDayText.operator, atMs: from },
    { kind: 'mode', lane, mode: name, on: false, atMs: from + minutes * MINUTE_MS },
  ];
  const told = park.messages.map(
    (message, index): Message =>
      message.kind === 'grant' && message.grant.kind === 'paid'
        ? { ...message, grant: { ...message.grant, amount: 100 * (FEES[index % FEES.length] ?? 5), currency: 'CNY' } }
        : message,
  );
  const all = [
    ...told,
    ...latePayments(park, lane),
    ...mode('freePassage', at(12, 0), 20),
    ...mode('maintenance', at(15, 0), 25),
  ];
  return {
    ...park,
    messages: all.filter(({ atMs }) => atMs < park.endMs && beginWallMs > 0).sort((a, b) => a.atMs - b.atMs),
  };
}

/** Let out by hand, and paid by telephone when it had left. */
function latePayments(park: ParkRecording, lane: string): readonly Message[] {
  const byHand = park.vehicles.filter(
    ({ means, plate, offBMs }) => means === 'button' && plate && offBMs !== undefined,
  );
  return byHand.slice(2, 4).map(({ plate = '', offBMs = 0 }, index) => {
    const atMs = offBMs + 45_000;
    const grant = {
      id: `telephone-${index + 1}`,
      scope: 'lane',
      plate,
      count: 1,
      kind: 'paid',
      source: 'pms',
    } as const;
    return { kind: 'grant', lane, grant: { ...grant, issuedAtMs: atMs, amount: 1_000, currency: 'CNY' }, atMs };
  });
}

interface DayParts {
  readonly config: Config;
  readonly lane: LaneConfig;
  readonly clock: Clock;
  readonly owed: (release: Release) => OwedSum | undefined;
  /** From this release on each has a picture. */
  readonly pictured: number;
}

/** The records of the day: delivered but for what waits for a person, some of them marked, one corrected before it left. */
class DayRecords {
  readonly failed: unknown[] = [];
  readonly #store: Store;
  readonly #parts: DayParts;
  readonly #kept: { readonly id: number; readonly release: Release }[] = [];
  #puts: Promise<unknown>[] = [];
  #pictures = 0;
  #hasCorrected = false;

  constructor(store: Store, parts: DayParts) {
    this.#store = store;
    this.#parts = parts;
  }

  /** The picture is there with the record. */
  get outbox(): Outbox {
    const { outbox } = this.#store;
    const put = async (record: NewRecord): Promise<PutRecord> => {
      const stored = await outbox.submit(record);
      const { release, releaseWallMs } = record;
      const isPictured = release.releaseAtMs >= this.#parts.pictured;
      await outbox.attach(stored.id, isPictured ? this.#picture(release, releaseWallMs) : { none: 'timeout' });
      this.#kept.push({ id: stored.id, release });
      return { ...stored, picture: isPictured ? 'attached' : 'none' };
    };
    const submit = (record: NewRecord) => {
      const done = put(record);
      this.#puts.push(done);
      return done;
    };
    return { ...outbox, submit };
  }

  record(release: Release, wallMs: number): NewRecord {
    const { config, lane } = this.#parts;
    const [shift] = rosterAt(config.duty.roster, wallMs);
    const onDuty = shift === undefined ? {} : { operator: shift.operator, operatorBy: 'roster' as const };
    const owed = release.direction === 'exit' && release.passed ? this.#parts.owed(release) : undefined;
    return releaseRecord(lane, release, wallMs, config.cloud.serial, { ...onDuty, ...(owed && { known: { owed } }) });
  }

  /** All that the lane has given so far. */
  async kept(): Promise<void> {
    if (this.#puts.length > 0) await Promise.all(this.#puts.splice(0));
  }

  async deliver(releaseId: string): Promise<void> {
    const { outbox, review } = this.#store;
    const found = this.#kept.findLast(({ release }) => release.id.endsWith(`-${releaseId}`));
    if (found === undefined) return;
    const { id, release } = found;
    if (!this.#hasCorrected && release.desc === 'button' && release.plate !== undefined) {
      this.#hasCorrected = true;
      await review.correct(id, { plate: { text: release.plate.text } }, demoDayText.auditor, demoDayText.correction);
    }
    const sent = await outbox.sending(id);
    if (sent !== undefined) await outbox.delivered(id, { seqno: `S${Math.round(this.#parts.clock.wallMs())}` });
  }

  #picture(release: Release, wallMs: number) {
    this.#pictures += 1;
    return {
      bytes: drawPicture(sceneOf(this.#parts.lane.id, release, wallMs, this.#pictures)),
      mediaType: 'image/jpeg' as const,
      atMs: this.#parts.clock.nowMs(),
    };
  }

  /** What people made of it the same evening; the rest stands open. */
  async review(): Promise<void> {
    const { review } = this.#store;
    const by = { who: demoDayText.auditor, from: '192.168.1.20' };
    const first = (desc: Release['desc'], at = 0) => this.#kept.filter(({ release }) => release.desc === desc)[at];
    const [known, other, owing, recovered] = [
      first('button'),
      first('button', 1),
      first('tailgating'),
      first('remote'),
    ];
    if (known) await review.mark([known.id], { kind: 'checked', reason: demoDayText.reason, ...by });
    if (other) await review.mark([other.id], { kind: 'wrong', words: demoDayText.wrong, ...by });
    for (const [one, kind] of [
      [owing, 'owed'],
      [recovered, 'recovered'],
    ] as const)
      if (one) await review.mark([one.id], { kind, plate: one.release.plate?.text ?? '', amount: 1_500, ...by });
  }
}

function sceneOf(laneId: string, { plate }: Release, wallMs: number, number: number) {
  const paints = [
    [176, 32, 38],
    [38, 62, 120],
    [210, 212, 214],
    [40, 44, 48],
  ] as const;
  return {
    ...{ wallMs, laneId, armPosition: 1 },
    vehicles: [seenCar(1.4, plate && { text: plate.text, color: 'blue' }, paints[number % paints.length] ?? paints[0])],
  };
}
