/**
 * Management systems that are read: databases, lists and files, each in a loop of its own. Their payments enter the same path as those of HTTP. The
 * place is kept once the payments are. A part of the composition root.
 */
import { setImmediate } from 'node:timers/promises';
import type { SystemConfig } from '../../config/types.ts';
import { Problem } from '../../http/problem.ts';
import { receive, sharedOf } from '../../intake/receive.ts';
import { RefusalLog } from '../../intake/refusal-log.ts';
import { isCounted, understandPayment } from '../../intake/system-payments.ts';
import type { Log } from '../../log.ts';
import type { ParkFacts } from '../../store/park-facts/park-facts.ts';
import { pullLog } from '../../text/management.ts';
import type { IncomingOptions } from '../incoming.ts';
import { ReadPlace } from './read-place.ts';
import { mappedRow, type ReaderParts, ReadFault, type ReadRow, readerOf, type SystemReader } from './readers.ts';
import { ReadingThread } from './reading-thread.ts';

/** After a fault: longer and longer. */
const AGAIN_MS_MOST = 60_000;
const LOG_EVERY_MS = 600_000;
/** A single poll that fails is no silence yet. */
const FAULTS_TO_DOWN = 2;

export interface PullParts extends Omit<ReaderParts, 'thread'> {
  readonly log: Log;
  readonly incoming: IncomingOptions;
  readonly facts: ParkFacts;
  readonly worker?: URL | undefined;
}

/** Ends when `signal` aborts. */
export async function runPulledSystems(
  systems: readonly SystemConfig[],
  parts: PullParts,
  signal: AbortSignal,
): Promise<void> {
  const thread = new ReadingThread(parts.clock, parts.worker);
  const refusals = new RefusalLog(parts.clock, parts.log);
  const readers = systems.flatMap((config) => {
    const reader = readerOf(config, { ...parts, thread });
    return reader === undefined ? [] : [{ config, reader }];
  });
  await Promise.all(readers.map(({ config, reader }) => runSystem(config, reader, { ...parts, refusals }, signal)));
  await thread.close();
}

async function runSystem(
  config: SystemConfig,
  reader: SystemReader,
  parts: PullParts & { readonly refusals: RefusalLog },
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, incoming, facts } = parts;
  const { name } = config;
  const laneNowMs = (): number => incoming.laneNowMs?.() ?? clock.nowMs();
  const place = await ReadPlace.open(name, facts, laneNowMs);
  let faults = 0;
  let loggedMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      await readOnce(config, reader, place, parts, signal);
      if (faults > 0) log.info(pullLog.again(name));
      faults = 0;
      loggedMs = Number.NEGATIVE_INFINITY;
      incoming.channels?.connected(name, true);
    } catch (error) {
      if (!(error instanceof ReadFault)) throw error;
      faults += 1;
      if (faults >= FAULTS_TO_DOWN) incoming.channels?.connected(name, false);
      if (clock.nowMs() - loggedMs >= LOG_EVERY_MS && !signal.aborted) {
        loggedMs = clock.nowMs();
        log.warn(pullLog.fault(name, error.text));
      }
    }
    const waitMs = faults === 0 ? config.everyMs : Math.min(AGAIN_MS_MOST, config.everyMs * 2 ** Math.min(faults, 10));
    await clock.sleep(waitMs, signal);
  }
  await reader.close();
}

/** Throws ReadFault. */
async function readOnce(
  config: SystemConfig,
  reader: SystemReader,
  place: ReadPlace,
  parts: PullParts & { readonly refusals: RefusalLog },
  signal: AbortSignal,
): Promise<void> {
  for await (const page of reader.pages(place.place)) {
    if (signal.aborted) return;
    const fresh = new Map(page.rows.flatMap((row) => (place.isSeen(row.id) ? [] : [[row.id, row] as const])));
    const outcomes = await allTaken(config, [...fresh.values()], parts);
    const added = new Map(
      [...fresh.values()].flatMap(({ id, at }, index) => (outcomes[index] === true ? [[id, at] as const] : [])),
    );
    const fault = outcomes.find((outcome) => typeof outcome === 'object');
    // What was taken is not read again; the rest is.
    if (fault === undefined) await place.keep(page.place, added, page.below);
    else if (place.place !== undefined) await place.keep(place.place, added);
    if (fault !== undefined) throw fault;
  }
}

/** In their order. Lanes go between: a page of rows at once would keep their polls waiting. */
async function allTaken(
  config: SystemConfig,
  rows: readonly ReadRow[],
  parts: PullParts & { readonly refusals: RefusalLog },
): Promise<readonly (boolean | ReadFault)[]> {
  const outcomes: Promise<boolean | ReadFault>[] = [];
  for (const row of rows) {
    outcomes.push(isTaken(config, row, parts));
    await setImmediate();
  }
  return Promise.all(outcomes);
}

/** Whether a row is done with; one that is not paid yet may still be. A fault while the store cannot keep it. */
async function isTaken(
  config: SystemConfig,
  { item }: ReadRow,
  { incoming, refusals }: PullParts & { readonly refusals: RefusalLog },
): Promise<boolean | ReadFault> {
  const payment = mappedRow(config, item);
  if (!isCounted(payment)) return false;
  try {
    await receive([payment], false, {
      ...sharedOf(incoming),
      refusals,
      understand: (value) => understandPayment(value as typeof payment, config.name, incoming),
      language: 'zh',
      sender: config.name,
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'full') return new ReadFault('full');
    // It would be refused again.
    refusals.add(error.code, config.name, error.errors);
  }
  return true;
}
