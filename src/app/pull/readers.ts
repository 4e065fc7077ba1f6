/** How each kind of system is read, a page at a time: rows with their ids, and the place behind them. A part of the composition root. */
import { hash } from 'node:crypto';
import { dayOf, daysAfter, hourOf } from '../../account/days.ts';
import type { Clock } from '../../clock.ts';
import type { SystemConfig } from '../../config/types.ts';
import { systemPeer, type WrittenPeer } from '../../config/written-peers.ts';
import { createRequester, type Requester } from '../../delivery/http/requester.ts';
import { isCounted } from '../../intake/system-payments.ts';
import { textAt } from '../../management/message.ts';
import { type MappedPayment, paymentOf } from '../../management/payment.ts';
import type { CursorForm, FileForm, RestForm, SqlForm } from '../../management/profile-form.ts';
import { bounded, columnValue, cursorText, cursorValue, farthest, overlapped } from '../../management/pull/cursor.ts';
import { pollItems, pollRequest } from '../../management/pull/poll-request.ts';
import type { DatabaseSource, FilePlace, SourceAnswer, SourceRow } from '../../management/pull/source.ts';
import {
  CURSOR_COLUMN,
  KEY_COLUMN,
  keyColumn,
  newestStatement,
  pageStatement,
  type RowPlace,
} from '../../management/pull/statements.ts';
import { writtenPeerRule } from '../../outward/written-peer.ts';
import { systemText } from '../../text/management.ts';
import type { Text } from '../../text/text.ts';
import type { ConfirmedPeers } from '../confirmed-peers.ts';
import { revealedSecrets } from '../pushing-systems.ts';
import type { KeptPlace } from './read-place.ts';
import type { ReadingThread } from './reading-thread.ts';

/** Rows read and kept at a time. */
export const PAGE_ROWS = 100;
const POLL_MS = 20_000;
const POLL_ANSWER_BYTES = 1_000_000;

export interface ReadRow {
  readonly item: unknown;
  /**
   * By which a row that is read again is known. The payment's own number alone is not enough where it may belong to another row: many systems begin
   * anew with 0001 each day.
   */
  readonly id: string;
  /** 0 where there is no cursor. */
  readonly at: bigint;
}

export interface ReadPage {
  readonly rows: readonly ReadRow[];
  readonly place: KeptPlace;
  /** Rows older than this are not read again. */
  readonly below?: bigint;
}

export class ReadFault extends Error {
  override readonly name = 'ReadFault';
  readonly text: Text;

  /** A string: what a driver or another program says, in its own words. */
  constructor(text: string | Text) {
    const both = typeof text === 'string' ? { zh: text, en: text } : text;
    super(both.en);
    this.text = both;
  }
}

export interface SystemReader {
  /** Pages of one reading, from the place on. Throws ReadFault. */
  pages(place: KeptPlace | undefined): AsyncGenerator<ReadPage>;
  /** The newest row alone; undefined: there is none. Throws ReadFault. */
  newest(): Promise<unknown>;
  close(): Promise<void>;
}

export interface ReaderParts {
  readonly clock: Clock;
  readonly thread: Pick<ReadingThread, 'read'>;
  readonly wallMs: () => number;
  readonly peers: Pick<ConfirmedPeers, 'of'>;
}

/** Of a row, or an item of a list. */
export const mappedRow = ({ profile, name, values, lanes }: SystemConfig, item: unknown): MappedPayment =>
  paymentOf(profile, item, { query: {}, headers: {} }, { name, values, lanes });

export function readerOf(config: SystemConfig, parts: ReaderParts): SystemReader | undefined {
  const { sql, file, rest } = config.profile;
  if (sql !== undefined) return sqlReader(config, sql, parts);
  if (file !== undefined) return fileReader(config, file, parts);
  return rest === undefined ? undefined : restReader(config, rest, parts);
}

function answered(answer: SourceAnswer): Exclude<SourceAnswer, { readonly fault: string }> {
  if (!('fault' in answer)) return answer;
  const { fault, known } = answer;
  throw new ReadFault(known === undefined ? fault : systemText.known[known](fault));
}

function sqlReader(config: SystemConfig, sql: SqlForm, { thread, wallMs }: ReaderParts): SystemReader {
  const source = databaseOf(config);
  const profile = { ...config.profile, sql };
  const form = sql.cursor;
  const read = async (statement: ReturnType<typeof newestStatement>): Promise<readonly SourceRow[]> =>
    answered(await thread.read({ kind: 'sql', system: config.name, source, statement })).rows;
  const newest = async (): Promise<SourceRow | undefined> => (await read(newestStatement(profile, source.dialect)))[0];
  return {
    async *pages(place) {
      let reached = place?.cursor === undefined ? undefined : BigInt(place.cursor);
      if (reached === undefined) {
        const row = await newest();
        reached = bounded(form, row === undefined ? start(form, wallMs()) : valueOfCursor(form, row), wallMs());
      }
      const from = startOf(form, reached, place);
      for (let after: RowPlace | undefined, isMore = true; isMore; ) {
        const statement = pageStatement(profile, source.dialect, {
          ...{ from: cursorText(form, from), limit: PAGE_ROWS },
          ...(after && { after }),
        });
        const rows = await read(statement);
        const values = rows.map((row) => valueOfCursor(form, row));
        reached = farthest(reached, ...values.map((value) => bounded(form, value, wallMs())));
        const last = rows.at(-1);
        isMore = rows.length === PAGE_ROWS && last !== undefined;
        after = last && { cursor: last[CURSOR_COLUMN] ?? '', key: last[KEY_COLUMN] ?? '' };
        yield {
          rows: rows.map((item, index) => {
            const at = values[index] ?? 0n;
            return { item, id: rowId(form, at, item[KEY_COLUMN] ?? ''), at };
          }),
          place: { cursor: String(reached) },
          // The rows of this reading are forgotten at its end only.
          ...(!isMore && { below: overlapped(form, reached) }),
        };
      }
    },
    newest: async () => {
      const row = await newest();
      if (row !== undefined) valueOfCursor(form, row);
      return row;
    },
    close: async () => void (await thread.read({ kind: 'close', system: config.name })),
  };
}

/** A number that grows is a row's own. A time is not: a row that is changed has another, and is still the same. */
const rowId = ({ time }: CursorForm, at: bigint, id: string): string => (time === undefined ? `${at} ${id}` : id);

/** The overlap, as far as the ids of its rows are remembered. */
const startOf = (form: CursorForm, reached: bigint, place: KeptPlace | undefined): bigint =>
  place?.from === undefined ? overlapped(form, reached) : farthest(overlapped(form, reached), BigInt(place.from));

const start = ({ time }: CursorForm, nowWallMs: number): bigint =>
  time === undefined ? 0n : BigInt(Math.floor(nowWallMs));

function valueOfCursor(form: CursorForm & { readonly column: string }, row: SourceRow): bigint {
  const text = row[CURSOR_COLUMN] ?? '';
  const value = columnValue(form, text);
  if (value === undefined) throw new ReadFault(systemText.unsorted(form.column, text.slice(0, 40), form.time));
  return value;
}

function databaseOf({ database, file = '' }: SystemConfig): DatabaseSource {
  if (database === undefined)
    return { dialect: 'sqlite', host: '', database: '', user: '', password: '', tls: false, file };
  const { kind: dialect, name, password, ...server } = database;
  return { ...server, dialect, database: name, password: password.reveal(), file: '' };
}

/** Files of so many days before are looked for; what was paid earlier has no meaning for a car of today. */
const DAYS_BEFORE = 7;
/** Until then nobody may have paid since midnight. A file of today that is not there later is a fault: a system may write elsewhere. */
const NIGHT_HOURS = 6;

/** The names of the last days, today's last; one alone where the name has no day in it. */
function filesOfDays(file: string, wallMs: number): readonly string[] {
  const names = Array.from({ length: DAYS_BEFORE + 1 }, (_, index) => {
    const [year = '', month = '', day = ''] = daysAfter(dayOf(wallMs), index - DAYS_BEFORE).split('-');
    return file.replaceAll('{yyyy}', year).replaceAll('{MM}', month).replaceAll('{dd}', day);
  });
  return [...new Set(names)];
}

function fileReader(config: SystemConfig, form: FileForm, { thread, wallMs }: ReaderParts): SystemReader {
  const { name: system, file = '', profile } = config;
  const id = keyColumn(profile.payment);
  const read = (path: string, place: KeptPlace['file'], from: 'start' | 'end' | 'newest') =>
    thread.read({ kind: 'file', system, path, form, place, from, limit: PAGE_ROWS });
  /** Ends with a fault where there is one. */
  async function* rowsOf(path: string, places: Map<string, FilePlace>, from: 'start' | 'end') {
    for (let isMore = true; isMore; ) {
      const place = places.get(path);
      const answer = await read(path, place, place ? 'start' : from);
      if ('fault' in answer) return answer;
      const { rows, place: reached, more } = answer;
      if (reached) places.set(path, reached);
      isMore = more === true;
      yield rows.map((item) => ({ item, id: `${textAt(item, id)} ${hash('sha256', JSON.stringify(item))}`, at: 0n }));
    }
    return undefined;
  }
  return {
    async *pages(kept) {
      const days = filesOfDays(file, wallMs());
      const places = new Map([kept?.before, kept?.file].flatMap((place) => (place ? [[place.path, place]] : [])));
      const since = days.slice(kept?.file === undefined ? -2 : days.indexOf(kept.file.path));
      const faults: (Extract<SourceAnswer, { readonly fault: string }> | undefined)[] = [];
      for (const path of new Set([...places.keys(), ...since])) {
        const pages = rowsOf(path, places, kept?.file === undefined ? 'end' : 'start');
        let page = await pages.next();
        for (; !page.done; page = await pages.next()) {
          const [at, before] = [...places.values()].reverse();
          const isKept = before !== undefined && days.includes(before.path);
          yield { rows: page.value, place: { ...(at && { file: at }), ...(isKept && { before }) } };
        }
        faults.push(page.value);
      }
      // Earlier ones may have been taken away; where one is there, the share is mounted, and nobody has paid yet.
      const fault = faults.at(-1);
      const isNight = hourOf(wallMs()) < NIGHT_HOURS;
      if (fault && !(isNight && fault.fault.startsWith('ENOENT') && faults.includes(undefined))) answered(fault);
    },
    newest: async () => answered(await read(filesOfDays(file, wallMs()).at(-1) ?? file, undefined, 'newest')).rows[0],
    close: async () => undefined,
  };
}

function restReader(config: SystemConfig, form: RestForm, parts: ReaderParts): SystemReader {
  const { url = '', values, profile } = config;
  const { clock, wallMs, peers } = parts;
  const peer = systemPeer(config) as WrittenPeer;
  const secrets = revealedSecrets(config.secrets);
  const id = keyColumn(profile.payment);
  const requester: Requester = createRequester(
    {
      exit: { purpose: 'payments', rule: writtenPeerRule(() => peers.of(peer) !== undefined) },
      url,
      timeoutMs: POLL_MS,
      answerMaxBytes: POLL_ANSWER_BYTES,
    },
    { clock, clockKnown: () => true },
  );
  const stopped = new AbortController();

  async function items(since: bigint, page: number): Promise<readonly unknown[]> {
    const { path, headers } = pollRequest(form, {
      values,
      secrets,
      nowWallMs: wallMs(),
      sinceWallMs: Number(since),
      page,
    });
    const answer = await requester.send({ url: url + path, method: 'GET', headers }, stopped.signal);
    if ('why' in answer) throw new ReadFault(answer.why);
    if (answer.status !== 200) throw new ReadFault(`HTTP ${answer.status}`);
    const read = pollItems(form, answer.text);
    if ('fault' in read) throw new ReadFault(read.fault);
    return read.items;
  }

  const isPaged = Object.values(form.query).some(({ page }) => page !== undefined);
  return {
    async *pages(place) {
      let reached = place?.cursor === undefined ? start(form.cursor, wallMs()) : BigInt(place.cursor);
      const since = startOf(form.cursor, reached, place);
      for (let page = 0, isMore = true; isMore; page += 1) {
        const found = await items(since, page);
        const rows = found.flatMap((item) => {
          const text = textAt(item, form.cursor.field) ?? '';
          const at = cursorValue(form.cursor, text);
          if (at !== undefined) return { item, id: rowId(form.cursor, at, textAt(item, id) ?? ''), at };
          // An order that nobody has paid has no time of it.
          if (!isCounted(mappedRow(config, item))) return [];
          throw new ReadFault(`${form.cursor.field} is no ${form.cursor.time ?? 'number'}: ${text.slice(0, 40)}`);
        });
        reached = farthest(reached, ...rows.map(({ at }) => bounded(form.cursor, at, wallMs())));
        isMore = isPaged && found.length >= form.pageSize;
        yield { rows, place: { cursor: String(reached) }, ...(!isMore && { below: overlapped(form.cursor, reached) }) };
      }
    },
    newest: async () => (await items(overlapped(form.cursor, start(form.cursor, wallMs())), 0)).at(-1),
    close: () => {
      stopped.abort();
      return requester.close();
    },
  };
}
