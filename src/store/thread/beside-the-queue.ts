/** The calls that concern neither the journal nor the queue of records: accounts, what was told of the park, marks, numbers, heads of the chain. */
import type { BoxFact } from '../chain/chain.ts';
import type { ChainRows } from '../chain/chain-rows.ts';
import { HeadRows } from '../chain/head-rows.ts';
import { AccountRows } from '../days/account-rows.ts';
import { FinalSheets } from '../days/final-sheets.ts';
import type { ThreadOperations } from '../messages.ts';
import type { Moment } from '../moment.ts';
import type { ObservationRows } from '../observations/observation-rows.ts';
import { NumberRows } from '../outbound/number-rows.ts';
import type { OutboundRows } from '../outbound/outbound-rows.ts';
import { MarkRows } from '../park-facts/mark-rows.ts';
import { ParkFactRows } from '../park-facts/park-fact-rows.ts';
import type { Database } from './database.ts';
import type { TimelineReader } from './timeline.ts';

interface Parts {
  readonly database: Database;
  readonly timeline: TimelineReader;
  readonly chain: ChainRows;
  readonly outbound: OutboundRows;
  readonly observations: ObservationRows;
  readonly say: (fact: BoxFact, moment: Moment) => void;
}

export function besideTheQueue({ database, timeline, chain, outbound, observations, say }: Parts) {
  const accounts = new AccountRows(database);
  const sheets = new FinalSheets(database, say);
  const numbers = new NumberRows(database, chain);
  const heads = new HeadRows(database, chain, say);
  const facts = new ParkFactRows(database, say);
  const marks = new MarkRows(database, timeline, say);
  return {
    keepAccount: (moment, laneId, day, rows, line) => {
      accounts.keep(laneId, day, rows, line);
      sheets.kept(day, moment);
    },
    closeSheets: (moment, lastDay) => sheets.close(lastDay, moment),
    accountLines: (_, fromDay, toDay) => accounts.lines(fromDay, toDay),
    account: (_, ...asked) => accounts.between(...asked),
    wallSlice: (_, fromWallMs, toWallMs, records) => accounts.wallSlice(fromWallMs, toWallMs, records),
    recordPlates: (_, fromWallMs, toWallMs, lanes) => accounts.plates(fromWallMs, toWallMs, lanes),
    reviewedRecords: (_, fromWallMs, toWallMs, lanes) => accounts.reviewed(fromWallMs, toWallMs, lanes),
    droppedRecords: (_, fromWallMs, toWallMs) => accounts.dropped(fromWallMs, toWallMs),
    keepFact: (moment, fact, changes) => facts.keep(fact, changes, moment),
    parkFacts: (_, kind) => facts.rows(kind),
    mark: (moment, ids, mark) => marks.mark(ids, mark, moment),
    marks: (_, id) => marks.of(id),
    numbering: (_, destination) => numbers.numbering(destination),
    keepNumbered: (_, destination, batch) => numbers.keep(destination, batch),
    numberedArrived: (_, destination, series, n) => numbers.arrived(destination, series, n),
    outboundFacts: (_, place, limit) => outbound.behind(place, limit, observations),
    outboundCount: (_, destination) => numbers.count(destination),
    outboundDestinations: () => numbers.destinations(),
    addAlarm: ({ wallMs }, alarm) => outbound.add('alarm', Math.round(wallMs), 0, JSON.stringify(alarm)),
    seal: () => heads.seal(),
    signed: (moment, head) => heads.signed(head, moment),
    left: (moment, last, way) => heads.left(last, way, moment),
    compare: (_, head) => heads.compare(head),
    lastSigned: () => heads.newest(),
  } satisfies Partial<ThreadOperations>;
}
