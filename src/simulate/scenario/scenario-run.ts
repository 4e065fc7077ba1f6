/** Runs a scenario through the lane engine in virtual time. It feeds and collects; whether that is what was expected is not its business. */
import { isUndecided, type LaneState, laneView } from '../../lane/lane.ts';
import { foldJournal, LaneRunner } from '../../lane/lane-runner.ts';
import type { RoleSignal } from '../../lane/signals.ts';
import type { LaneEffect, LaneEvent, Release, Role } from '../../lane/types.ts';
import {
  type Scenario,
  type ScenarioGrant,
  type Summary,
  scenarioGrant,
  THIS_LANE,
  type TimelineMoment,
} from './scenario-file.ts';

/** Lane time of the story's start. */
export const START_MS = 10_000_000;
/** At the start of the story the box has listened for so long. */
const LISTENED_MS = 3_600_000;
/** The intake channel of every scenario. */
const FEED = 'scenario';
/** Levels are told as they are, and bounce no more. */
const AS_TOLD: RoleSignal = { activeLow: false, debounceMs: 0 };
/** After the last moment every verdict has had its time. */
const AFTERWARDS_MS = 60_000;

export interface ScenarioOutcome {
  readonly releases: readonly Release[];
  readonly withdrawn: ReadonlySet<string>;
  readonly effects: readonly LaneEffect[];
  /** Every event fed to the engine, in order. */
  readonly journal: readonly LaneEvent[];
  readonly state: LaneState;
  readonly summary: Summary;
}

class Player {
  readonly #scenario: Scenario;
  readonly #levels = new Map<Role, boolean>();
  readonly #stale = new Set<Role>();
  readonly journal: LaneEvent[] = [];
  readonly effects: LaneEffect[] = [];
  readonly #runner: LaneRunner;

  constructor(scenario: Scenario) {
    const { settings, points } = scenario;
    this.#scenario = scenario;
    this.#runner = new LaneRunner({
      ...{ settings, signals: Object.fromEntries(points.map((role) => [role, AS_TOLD])) },
      before: (event) => this.journal.push(event),
      after: (event, effects) => this.#acted(event, effects),
    });
    for (const role of points) this.#levels.set(role, scenario.initial.includes(role));
  }

  get state(): LaneState {
    return this.#runner.state;
  }

  begin(): void {
    this.#runner.feed({ kind: 'start', blindMs: 0, powerCut: false, atMs: START_MS - LISTENED_MS });
    this.#runner.feed({ kind: 'feed', intake: FEED, state: 'heard', atMs: START_MS - LISTENED_MS });
    for (const role of this.#scenario.points) this.#look(role, START_MS - 1);
  }

  play(moment: TimelineMoment): void {
    const atMs = START_MS + moment.atMs;
    if (moment.restart !== undefined) this.#restart(moment.restart, atMs);
    for (const role of moment.stale ?? []) {
      this.#stale.add(role);
      this.#runner.signal({ kind: 'lost', role, atMs });
    }
    for (const [role, on] of Object.entries(moment.levels) as [Role, boolean][]) {
      this.#levels.set(role, on);
      if (!this.#stale.has(role)) this.#look(role, atMs);
    }
    for (const role of moment.fresh ?? []) {
      this.#stale.delete(role);
      this.#look(role, atMs);
    }
    this.#tell(moment, atMs);
  }

  end(): void {
    const { settings, timeline } = this.#scenario;
    const lastMs = START_MS + (timeline.at(-1)?.atMs ?? 0);
    const usualMs = settings.settleMs + settings.manualMaxWaitMs + settings.transitMs + AFTERWARDS_MS;
    this.#runner.tickUntil(lastMs + usualMs);
    // Some verdicts wait for what does not happen.
    if (isUndecided(this.state)) {
      const longMs =
        settings.fakeExitWaitMs + settings.systemOpenWaitMs + settings.chainWaitMs + settings.laneGrantTtlMs;
      this.#runner.tickUntil(lastMs + usualMs + longMs);
    }
  }

  #tell(moment: TimelineMoment, atMs: number): void {
    const { plate, grant, revoke, mode, feed } = moment;
    if (feed !== undefined) this.#runner.feed({ kind: 'feed', intake: FEED, state: feed ? 'heard' : 'down', atMs });
    if (plate !== undefined) {
      const { color, behind, ...rest } = plate;
      const read = { ...rest, ...(color !== undefined && { color }) };
      this.#runner.feed({ kind: 'plate', plate: read, ...(behind && { behind }), atMs });
    }
    if (mode !== undefined) {
      const { name, on, until, reason, operator } = mode;
      this.#runner.feed({
        kind: 'mode',
        mode: name,
        on,
        ...(until !== undefined && { untilMs: START_MS + Math.round(until * 1000) }),
        ...(reason !== undefined && { reason }),
        ...(operator !== undefined && { operator }),
        atMs,
      });
    }
    if (grant !== undefined) this.#tellGrant(grant, atMs);
    if (revoke !== undefined) this.#runner.feed({ kind: 'revoke', grantId: revoke.id, why: revoke.why, atMs });
  }

  /** What names another lane is heard here too, if it names a plate. */
  #tellGrant(grant: ScenarioGrant, atMs: number): void {
    const { id, lane, plate } = grant;
    if (lane === THIS_LANE) this.#runner.feed({ kind: 'grant', grant: scenarioGrant(grant, atMs, START_MS), atMs });
    else if (plate !== undefined)
      this.#runner.feed({ kind: 'elsewhere', plate, what: 'granted', lane, grantId: id, atMs });
  }

  #look(role: Role, atMs: number): void {
    this.#runner.signal({ kind: 'level', role, value: this.#levels.get(role) ?? false, atMs, uncertaintyMs: 0 });
  }

  /** The state of a new process is what the journal, as it stands on disk, folds to. */
  #restart({ blindMs, powerCut }: { blindMs: number; powerCut: boolean }, atMs: number): void {
    const journal = JSON.parse(JSON.stringify(this.journal)) as LaneEvent[];
    this.#runner.restart(foldJournal(journal, this.#scenario.settings).state);
    this.#runner.feed({ kind: 'start', blindMs, powerCut, atMs });
    for (const role of this.#scenario.points) if (!this.#stale.has(role)) this.#look(role, atMs);
  }

  #acted({ atMs }: LaneEvent, effects: readonly LaneEffect[]): void {
    this.effects.push(...effects);
    if (this.#scenario.sending === 'never') return;
    for (const effect of effects)
      if (effect.kind === 'release' && effect.release.reported)
        this.#runner.feed({ kind: 'sent', releaseId: effect.release.id, atMs });
  }
}

export function runScenario(scenario: Scenario): ScenarioOutcome {
  const player = new Player(scenario);
  player.begin();
  for (const moment of scenario.timeline) player.play(moment);
  player.end();
  return outcomeOf(scenario, player);
}

/** What came of a run, from the events fed and the effects they had. */
export function outcomeOf(
  { settings }: Pick<Scenario, 'settings'>,
  { state, effects, journal }: Pick<ScenarioOutcome, 'state' | 'effects' | 'journal'>,
): ScenarioOutcome {
  const releases = effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
  const withdrawn = new Set(effects.flatMap((effect) => (effect.kind === 'withdraw' ? [effect.releaseId] : [])));
  const notes = (kind: string): number =>
    effects.filter((effect) => effect.kind === 'note' && effect.fact.kind === kind).length;
  return {
    releases: releases.sort((a, b) => a.releaseAtMs - b.releaseAtMs),
    withdrawn,
    effects,
    journal,
    state,
    summary: {
      passages: laneView(state, settings).passages,
      releases: releases.length,
      withdrawn: withdrawn.size,
      grantsUsed: notes('grantUsed') + notes('pulseUsed'),
      grantsUnused: notes('grantUnused'),
      // Before the story a program that has just begun has heard nobody yet.
      alarms: effects.filter((effect) => effect.kind === 'alarm' && effect.on && effect.atMs >= START_MS).length,
    },
  };
}
