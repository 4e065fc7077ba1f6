/** How each kind of visit goes, from the loop before the arm to the street or back. It must not know what a box sees of it. */

import type { Script } from '../script-runner.ts';
import type { Guest } from './lane-scene.ts';
import type { Lone } from './people.ts';
import { comeForward, goBack, goOut, pulse, type Stage } from './visits.ts';

/** What is done for a guest that stands before the arm. */
type Service = (stage: Stage, guest: Guest) => Script;

/** Whether the camera has read it as it is; the management system has seen the same. */
const isRead = ({ truth }: Guest): boolean =>
  truth.reads.some(({ text, camera }) => camera === 1 && text === truth.plate);

/** Message and relay: either may come first. */
function* opens(stage: Stage, guest: Guest, kind: 'paid' | 'free' | 'monthly'): Script {
  stage.feed.pays(guest.truth, kind, stage.now());
  yield stage.random.between(0, 600);
  pulse(stage, guest, 'system');
}

/** The management system knows it by its plate, or somebody types it in. */
function* recognised(stage: Stage, guest: Guest): Script {
  const { random } = stage;
  yield random.between(400, 1_400);
  if (!isRead(guest)) yield random.between(3_000, 14_000);
}

const authorise = ({ truth }: Guest, means: 'paid' | 'free' | 'season'): void => {
  truth.means = means;
  truth.authorised = true;
};

function* paid(stage: Stage, guest: Guest): Script {
  yield* recognised(stage, guest);
  // Paid by phone before he came, or at the code on the column.
  if (stage.random.chance(0.35)) yield stage.random.between(4_000, 25_000);
  authorise(guest, 'paid');
  yield* opens(stage, guest, 'paid');
}

function* ahead(stage: Stage, guest: Guest): Script {
  yield* recognised(stage, guest);
  authorise(guest, 'paid');
  if (!isRead(guest)) guest.truth.untold ??= 'aheadUnread';
  pulse(stage, guest, 'system');
}

function* free(stage: Stage, guest: Guest): Script {
  yield* recognised(stage, guest);
  authorise(guest, 'free');
  yield* opens(stage, guest, 'free');
}

function* season(stage: Stage, guest: Guest): Script {
  yield* recognised(stage, guest);
  authorise(guest, 'season');
  guest.truth.season = true;
  if (stage.seasonTold || !isRead(guest)) return yield* opens(stage, guest, 'monthly');
  if (guest.truth.plate) stage.knows(guest.truth.plate);
  pulse(stage, guest, 'system');
}

/** Paid, but the relay did not move the arm: the attendant presses. */
function* buttonPaid(stage: Stage, guest: Guest): Script {
  const { random, scene } = stage;
  yield* recognised(stage, guest);
  authorise(guest, 'paid');
  stage.feed.pays(guest.truth, 'paid', stage.now());
  yield random.between(1_000, 6_000);
  scene.open('button', 'button', guest.truth.id);
}

const byHand = (means: 'button' | 'remote' | 'key'): Service =>
  function* byHand(stage, guest) {
    const { random, scene } = stage;
    yield random.between(2_000, 18_000);
    guest.truth.means = means;
    // He need not do anything while he holds the arm.
    if (!stage.held) scene.open(means === 'key' ? undefined : means, means, guest.truth.id);
    else guest.truth.means = 'held';
  };

function* software(stage: Stage, guest: Guest): Script {
  yield stage.random.between(2_000, 15_000);
  guest.truth.means = 'software';
  pulse(stage, guest, 'software');
}

export const SERVICES = { paid, ahead, free, season, buttonPaid, software, ...{ button: byHand('button') } } as const;
const BY_HAND = { remote: byHand('remote'), key: byHand('key') } as const;

/** Comes, is served, goes. */
const through = (service: Service): Service =>
  function* through(stage, guest) {
    yield* comeForward(stage, guest);
    yield* service(stage, guest);
    const again = (): void => reopen(stage, guest);
    yield* goOut(stage, guest, again);
  };

/** The arm came down before he went: whoever let him out opens again. */
function reopen({ scene }: Stage, { truth }: Guest): void {
  const { means } = truth;
  if (means === 'button' || means === 'remote') scene.open(means, means, truth.id);
  else if (means === 'key' || means === 'held') scene.open(undefined, 'key', truth.id);
  else scene.open('auto', means === 'software' ? 'software' : 'system', truth.id);
}

/** It has a right to go, and goes back into the park: for good, or to come again. */
const back = (how: 'fake' | 'honest'): Service =>
  function* back(stage, guest) {
    const { random, scene } = stage;
    yield* comeForward(stage, guest);
    yield* recognised(stage, guest);
    authorise(guest, how === 'fake' ? 'free' : 'paid');
    yield* opens(stage, guest, how === 'fake' ? 'free' : 'paid');
    guest.truth.back = how;
    yield () => scene.arm.position > 0.5;
    yield random.between(500, 5_000);
    if (random.chance(0.2)) {
      const { barrier } = scene.wayOf(guest.mover.way);
      guest.mover.targetM = barrier.fromM + random.between(0.2, 1.2);
      yield random.between(1_500, 4_000);
    }
    yield* goBack(stage, guest);
    if (how === 'honest') {
      const afterMs = Math.min(240_000, 20_000 - Math.log(1 - random.next()) * 60_000);
      stage.comeAgain(guest, afterMs, undefined, 'paid');
    }
  };

function* turnAway(stage: Stage, guest: Guest): Script {
  yield* comeForward(stage, guest);
  yield stage.random.between(2_000, 15_000);
  guest.truth.back = 'turnAway';
  yield* goBack(stage, guest);
}

/** Was read here, perhaps paid here, and takes the other lane. */
function* changer(stage: Stage, guest: Guest): Script {
  yield* comeForward(stage, guest);
  yield stage.random.between(1_000, 8_000);
  guest.truth.back = 'turnAway';
  yield* goBack(stage, guest);
  stage.comeAgain(guest, stage.random.between(8_000, 45_000), stage.otherLane, 'paid');
}

/** Past the arm, whatever it does. */
function* slip(_stage: Stage, guest: Guest): Script {
  guest.truth.means = 'slip';
  guest.mover.targetM = Number.POSITIVE_INFINITY;
  guest.mover.going = true;
  yield () => guest.truth.offBMs !== undefined;
}

export const VISIT_SCRIPTS: Readonly<Record<Lone, Service>> = {
  ...{ paid: through(paid), ahead: through(ahead), free: through(free), season: through(season) },
  ...{ buttonPaid: through(buttonPaid), software: through(software), button: through(SERVICES.button) },
  ...{ remote: through(BY_HAND.remote), key: through(BY_HAND.key) },
  ...{ fakeExit: back('fake'), backOut: back('honest'), turnAway, changer, slip },
};

/** Close behind another, on nothing of its own; when the arm comes down before it, it pays like anybody. */
export function* follow(stage: Stage, guest: Guest, leader: Guest, gapM: number): Script {
  const { scene } = stage;
  const { mover, truth } = guest;
  const { barrier, stopM } = scene.wayOf(mover.way);
  const manner = { gapM: mover.gapM, headwayS: mover.headwayS };
  mover.gapM = gapM;
  mover.headwayS = 0;
  mover.maximumMps = Math.max(mover.maximumMps, leader.mover.maximumMps + 0.3);
  mover.targetM = stopM;
  yield () => leader.mover.going || leader.truth.goneMs !== undefined;
  if (leader.truth.goneMs === undefined) {
    truth.means = 'follow';
    const deaf = stage.deaf();
    if (deaf !== undefined) truth.deaf = deaf;
    mover.going = true;
    mover.targetM = Number.POSITIVE_INFINITY;
    while (truth.offBMs === undefined) {
      const barred = mover.frontM < barrier.fromM && leader.truth.offBMs !== undefined && scene.arm.position < 0.6;
      if (barred) break;
      yield 60;
    }
    if (truth.offBMs !== undefined) return;
  }
  Object.assign(mover, manner);
  mover.going = false;
  delete truth.means;
  delete truth.deaf;
  yield* VISIT_SCRIPTS.paid(stage, guest);
}

/** Opens for nobody, or for somebody on foot. */
export function* emptyOpening(stage: Stage): Script {
  const { random, scene } = stage;
  const from = stage.now();
  yield () => (scene.empty && scene.still) || stage.now() - from > 60_000;
  if (!scene.empty) return;
  const how = random.next();
  if (how < 0.6) scene.open('button', 'button');
  else if (how < 0.8) scene.open('remote', 'remote');
  else scene.open('auto', 'software');
  yield 3_000;
  yield () => scene.arm.position === 0;
}

/** Holds the arm up for a while, so that whoever comes goes through. */
export function* hold(stage: Stage): Script {
  const { random, scene } = stage;
  scene.open('button', 'hold');
  stage.held = true;
  yield 400;
  scene.hold(true);
  yield random.between(25_000, 110_000);
  stage.held = false;
  scene.hold(false);
  yield 1_000;
}
