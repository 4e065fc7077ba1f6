/** The short facts that go with a verdict: what was seen, when, and how much. Their words are not here. */

import { begunBy, PRESS_FACT } from './begun.ts';
import type { Body } from './body.ts';
import { plateOfRecord } from './body-reads.ts';
import { listenedFrom } from './feed.ts';
import type { Opening } from './opening.ts';
import { fact, isWired, type StepContext } from './step-context.ts';
import type { Fact } from './types.ts';

/** The press by which an opening began, if one was seen. */
export const openingPress = ({ press, startMs }: Opening): readonly Fact[] =>
  press === null ? [] : [fact(PRESS_FACT[press.role], press.atMs, { beforeMs: startMs - press.atMs, what: 'opening' })];

/** Why an opening is nobody's: how it began, what command was seen, who passed. */
export function openingFacts(
  work: StepContext,
  opening: Opening,
  first: Body | null,
  passed: boolean,
): readonly Fact[] {
  const { settings, atMs } = work;
  const facts: Fact[] = [];
  const begun = begunBy(opening, settings);
  if (!opening.seen) facts.push(fact('startNotSeen', opening.startMs));
  else facts.push(fact(isWired(settings, 'down') ? 'downReleased' : 'upActive', opening.startMs));
  facts.push(...openingPress(opening));
  if (opening.press === null && begun !== 'relay')
    facts.push(fact(opening.commandsBlind ? 'commandsNotSeen' : 'noCommand', opening.startMs));
  if (opening.pulseMs !== null) facts.push(fact('relayPulsed', opening.pulseMs));
  facts.push(noGrant(work, opening.startMs));
  if (opening.endMs !== null) facts.push(fact('openingEnded', opening.endMs));
  if (opening.wrongWay) facts.push(fact('wrongWayInOpening', opening.lastOutMs));
  if (!passed) facts.push(fact('nobodyPassed', atMs));
  return first === null ? facts : [...facts, ...passageFacts(work, first)];
}

/** "No grant" is said of the time in which one would have been received. */
const noGrant = (work: StepContext, aboutMs: number): Fact =>
  fact('noGrant', aboutMs, {
    fromAtMs: listenedFrom(work.state, aboutMs - work.settings.laneGrantTtlMs),
    toAtMs: work.atMs,
  });

/** What the loops and the camera saw of a body. */
function passageFacts(work: StepContext, body: Body): readonly Fact[] {
  const facts: Fact[] = [fact('vehicle', body.riseMs, { bodyId: body.id })];
  const add = (kind: string, atMs: number | null): void => {
    if (atMs !== null) facts.push(fact(kind, atMs));
  };
  add(body.mirrored ? 'exitRose' : 'approachRose', body.aRiseMs);
  add('barrierRose', body.bRiseMs);
  add(body.mirrored ? 'exitFell' : 'approachFell', body.aFallMs);
  add('barrierFell', body.bFallMs);
  add(body.mirrored ? 'approachRose' : 'exitRose', body.cRiseMs);
  const best = plateOfRecord(work, body);
  if (best !== null) facts.push(fact('plateRead', best.atMs, { plate: best.text, confidence: best.confidence }));
  if (body.presumed) facts.push(fact('passagePresumed', body.outMs));
  return facts;
}

export function bodyFacts(work: StepContext, body: Body): readonly Fact[] {
  const facts: Fact[] = [...passageFacts(work, body)];
  if (body.gapMs !== null) facts.push(fact('gapBefore', body.riseMs, { gapMs: body.gapMs, heldB: body.heldB }));
  if (body.unproven) facts.push(fact('loopsUnproven', body.riseMs));
  facts.push(noGrant(work, body.riseMs));
  return facts;
}
