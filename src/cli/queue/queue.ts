/** `lanewarden queue`: manages records by hand, beside a running bridge or without one. It sends nothing itself. */
import { systemClock } from '../../clock.ts';
import type { Config } from '../../config/types.ts';
import { comparedWithHint, factsToSend, momentNow } from '../../delivery/platform-client.ts';
import type { HintedComparison } from '../../delivery/request/platform-comparison.ts';
import { exportQueue, importQueue } from '../../store/files/queue-file.ts';
import type { OutboxRecord, RecordState } from '../../store/record-types.ts';
import type { Reviewed, Store } from '../../store/types.ts';
import { auditText } from '../../text/page/server.ts';
import { queueText, STATE_TEXT } from '../../text/store.ts';
import { beijingTime, type Text } from '../../text/text.ts';
import { noteAtShell } from '../access/shell-audit.ts';
import { type Command, type CommandContext, EXIT, ExitError, JSON_OPTION, misuse, STORE_OPTIONS } from '../command.ts';
import { namedFolder, namedStore, withStore } from '../named-store.ts';
import { print, printResult, remark } from '../output.ts';
import { platformOf, requestLines, shownRequest } from '../platform/platform-request.ts';
import { confirm } from '../prompts.ts';
import { RANGE_OPTIONS, type TimeRange, timeRange } from '../time-range.ts';
import { comparisonLines, recordDetail, recordLine } from './queue-lines.ts';

interface Asked {
  readonly values: Readonly<Record<string, unknown>>;
  /** Arguments of the task. */
  readonly words: readonly string[];
}

interface Job {
  readonly store: Store;
  readonly context: CommandContext;
  readonly who: string;
  readonly note: (what: Text) => Promise<void>; // in the audit log
  /** For lists and exports. */
  readonly range: TimeRange | undefined;
  /** Unknown when only the folder was given. */
  readonly config?: Config;
}

/** Checks its arguments before anything is opened, and returns the work. Throws ExitError. */
type Task = (asked: Asked) => (job: Job) => Promise<number> | Promise<void>;

const LIMIT = 200;
/** States for `retry all`. Records under review are not among them. */
const RETRIABLE = ['held', 'parked', 'waiting'] as const;

export const queueCommand: Command = {
  name: 'queue',
  summary: queueText.summary,
  positionals: 'ls | destinations | show ID | retry ID… | retry all | drop ID… | export FILE | import FILE',
  options: {
    ...STORE_OPTIONS,
    ...RANGE_OPTIONS,
    state: { type: 'string', value: 'STATE', help: queueText.state },
    limit: { type: 'string', value: 'N', help: queueText.limit },
    reason: { type: 'string', value: 'TEXT', help: queueText.reason },
    by: { type: 'string', value: 'NAME', help: queueText.by },
    yes: { type: 'boolean', short: 'y', help: queueText.yes },
    to: { type: 'string', value: 'NAME', formerly: ['destination'], help: queueText.requestFor },
    compare: { type: 'string', value: 'HINT', help: queueText.compare },
    ...JSON_OPTION,
  },
  run: async (given, [task = 'ls', ...words], context) => {
    const values = withUntil(given, task);
    const begin = Object.hasOwn(TASKS, task) ? TASKS[task as keyof typeof TASKS] : undefined;
    if (begin === undefined) throw misuse(queueText.wrongTask(task));
    // A surplus word probably means something else.
    const extra = words[mostWords(task, words)];
    if (extra !== undefined) throw misuse(queueText.extraWord(extra));
    const work = begin({ values, words });
    const range = timeRange(values, systemClock().wallMs());
    requireOptionsOf(task, values, range !== undefined);
    // Reading an empty folder must not create a database; an import may.
    const { config, path } = await (task === 'import' ? namedFolder : namedStore)(values, context);
    const by = values.by as string | undefined;
    const who = by ?? context.environment.USER ?? 'unknown';
    const note = (what: Text) => noteAtShell(path, by ? auditText.inNameOf(by, what) : what, context);
    const parts = { context, who, note, range, ...(config && { config }) };
    return withStore(path, async (store) => (await work({ store, ...parts })) ?? EXIT.ok, config?.store);
  },
};

function mostWords(task: string, [first]: readonly string[]): number {
  if (task === 'drop' || (task === 'retry' && first !== 'all')) return Number.POSITIVE_INFINITY;
  return task === 'ls' || task === 'destinations' ? 0 : 1;
}

/** Options that only some tasks have. */
function requireOptionsOf(task: string, { to, compare }: Asked['values'], hasRange: boolean): void {
  if (hasRange && task !== 'ls' && task !== 'export') throw misuse(queueText.noRange(task));
  if ((to ?? compare) !== undefined && (task !== 'show' || to === undefined)) throw misuse(queueText.onlyShow);
}

const TASKS = {
  ls: ({ values }) => {
    const states = values.state === undefined ? undefined : [values.state as RecordState];
    if (states?.some((state) => !Object.hasOwn(STATE_TEXT, state)))
      throw misuse(queueText.wrongState(String(values.state)));
    const limit = values.limit === undefined ? LIMIT : Number(values.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > 100_000) throw misuse(queueText.wrongLimit);
    return async ({ store, context, range }) => {
      const records = await store.review.list({ limit, ...range, ...(states && { states }) });
      const lines = records.map((record) => recordLine(record, context.language));
      printResult(context, values.json, records, () => (lines.length === 0 ? [queueText.empty] : lines));
    };
  },

  destinations:
    ({ values }) =>
    async ({ store, context }) => {
      const rows = await destinationCounts(store);
      const line = ({ name, waiting, oldestWallMs }: (typeof rows)[number]): Text => {
        const since = waiting > 0 && oldestWallMs !== undefined ? beijingTime(oldestWallMs).slice(0, 19) : undefined;
        return queueText.destination(name, waiting, since);
      };
      printResult(context, values.json, rows, () => rows.map(line));
    },

  show: ({ values, words }) => {
    const id = idOf(words[0]);
    if (id === undefined) throw misuse(queueText.needsId);
    return async (job) => {
      const { store, context } = job;
      const { language } = context;
      const found = await reviewed(store, id);
      if (typeof values.to === 'string') return showRequest(job, found.record, { ...values, to: values.to });
      const compared = await comparedWith(job, found);
      printResult(context, values.json, { ...found, ...(compared && { compared }) }, () => [
        recordDetail(found, language),
        ...comparisonLines(compared, language),
      ]);
    };
  },

  retry: ({ words }) => {
    if (words[0] === 'all') {
      return async ({ store, context, who, note }) => {
        const count = await store.review.requeueAll(RETRIABLE, who);
        await note(auditText.retriedAll(count));
        print(context, queueText.retried(count));
      };
    }
    const ids = idsOf(words);
    if (ids === undefined) throw misuse(queueText.needsId);
    return async ({ store, context, who, note }) => {
      let count = 0;
      let code: number = EXIT.ok;
      for (const id of ids) {
        if (await store.review.requeue(id, who)) {
          count += 1;
          await note(auditText.acted('retry', [id]));
        } else code = Math.max(code, await printState({ store, context }, id, queueText.notRetried));
      }
      print(context, queueText.retried(count));
      return code;
    };
  },

  drop: ({ words, values }) => {
    const ids = idsOf(words);
    if (ids === undefined) throw misuse(queueText.needsId);
    if (typeof values.reason !== 'string' || values.reason.trim() === '') throw misuse(queueText.needsReason);
    if (values.yes !== true && process.stdin.isTTY !== true) throw misuse(queueText.needsYes);
    const how = { reason: values.reason.trim(), isSure: values.yes === true };
    return async (job) => {
      let code: number = EXIT.ok;
      let mayBeOnWire = false;
      for (const id of ids) {
        const outcome = await dropOne(job, id, how);
        if (outcome === 'waited') mayBeOnWire = true;
        else code = Math.max(code, outcome);
      }
      // Only the bridge knows the record in flight.
      if (mayBeOnWire) print(job.context, queueText.mayBeOnWire);
      return code;
    };
  },

  export: ({ words, values }) => {
    const [file] = words;
    if (file === undefined) throw misuse(queueText.needsFile);
    return async ({ store, context, note, range }) => {
      const result = await exportQueue(store, file, range);
      await note(auditText.made.queue);
      printResult(context, values.json, result, () => [
        queueText.exported(result.records, result.pictures, file),
        ...(result.left > 0 ? [queueText.left(result.left)] : []),
      ]);
    };
  },

  import: ({ words, values }) => {
    const [file] = words;
    if (file === undefined) throw misuse(queueText.needsFile);
    return async ({ store, context, note }) => {
      const result = await importQueue(store, file);
      const { records, pictures, known, damaged, noRoom } = result;
      await note(auditText.queueImported(records));
      printResult(context, values.json, result, () => [
        queueText.imported(records, pictures, known),
        ...(damaged > 0 ? [queueText.importDamaged(damaged)] : []),
        ...(noRoom > 0 ? [queueText.importNoRoom(noRoom)] : []),
      ]);
    };
  },
} satisfies Record<string, Task>;

/** Of lists and exports `--to` was the end of the time before it was the destination. */
function withUntil(values: Asked['values'], task: string): Asked['values'] {
  const { to, until = to, ...others } = values;
  return to !== undefined && ['ls', 'export'].includes(task) ? { ...others, until } : values;
}

/** The platform first; of the others what the store keeps for them. */
async function destinationCounts(store: Store) {
  const waiting = (await store.review.causes()).filter(({ state }) => state === 'waiting');
  const oldest = waiting.map(({ oldestWallMs }) => oldestWallMs);
  const platform = {
    name: '4pyun',
    waiting: waiting.reduce((sum, { count }) => sum + count, 0),
    ...(oldest.length > 0 && { oldestWallMs: Math.min(...oldest) }),
  };
  const names = await store.destinations();
  const others = names.map(async (name) => ({ name, ...(await store.numbers(name).count()) }));
  return [platform, ...(await Promise.all(others))] as const;
}

/** Needs the configuration, which defines the sent fields. Of the picture at most its hash is signed. */
async function comparedWith({ store, config }: Job, found: Reviewed): Promise<HintedComparison | undefined> {
  if (config === undefined || found.record.damaged) return undefined;
  const isHashed = config.cloud.picture === 'file-and-hash';
  const picture = async () => (isHashed ? store.outbox.picture(found.record.id) : undefined);
  return comparedWithHint(config.cloud, found, picture);
}

/** What a destination of kind `platform` gets for a record. */
async function showRequest(
  { store, context, config }: Job,
  record: OutboxRecord,
  { to, compare, json }: { readonly to: string; readonly compare?: unknown; readonly json?: unknown },
): Promise<void> {
  if (config === undefined) throw misuse(queueText.onlyShow);
  const platform = platformOf(config, to);
  const sent = { facts: factsToSend(platform, record), picture: await store.outbox.picture(record.id) };
  const hint = typeof compare === 'string' ? compare : undefined;
  const request = await shownRequest(platform, sent, { moment: momentNow(systemClock()), hint });
  printResult(context, json, request, () => requestLines(request, context.language));
}

/** `waited`: dropped after its turn to be sent may have come. */
async function dropOne(
  { store, context, who, note }: Job,
  id: number,
  { reason, isSure }: { readonly reason: string; readonly isSure: boolean },
): Promise<number | 'waited'> {
  const { language } = context;
  const record = (await store.review.get(id))?.record;
  if (record === undefined) return notDone(context, queueText.unknown(id), EXIT.noInput);
  if (!isSure) {
    const plate = record.release.plate?.text ?? queueText.noPlate[language];
    const question = queueText.askDrop(id, plate, STATE_TEXT[record.state][language]);
    if (!(await confirm(question, context))) return notDone(context, queueText.kept(id), EXIT.failure);
  }
  const done = await store.review.dismiss(id, who, reason, 'both');
  if (done === undefined) return printState({ store, context }, id, queueText.notDropped);
  await note(auditText.acted(done === 'dropped' ? 'dismiss' : 'askDismiss', [id], reason));
  print(context, queueText[done](id));
  return record.state === 'waiting' ? 'waited' : EXIT.ok;
}

/** Reports the current state, which may have changed since the request. */
async function printState(
  { store, context }: Pick<Job, 'store' | 'context'>,
  id: number,
  refused: (id: number, state: Text) => Text,
): Promise<number> {
  const record = (await store.review.get(id))?.record;
  if (record === undefined) return notDone(context, queueText.unknown(id), EXIT.noInput);
  return notDone(context, refused(id, STATE_TEXT[record.state]), EXIT.failure);
}

function idOf(word: string | undefined): number | undefined {
  return word !== undefined && /^[1-9]\d{0,14}$/.test(word) ? Number(word) : undefined;
}

/** undefined: no number, or an invalid one; then none of them is touched. */
function idsOf(words: readonly string[]): readonly number[] | undefined {
  const ids = words.map(idOf).filter((id) => id !== undefined);
  return ids.length === 0 || ids.length < words.length ? undefined : ids;
}

async function reviewed(store: Store, id: number): Promise<Reviewed> {
  const found = await store.review.get(id);
  if (found === undefined) throw new ExitError(EXIT.noInput, queueText.unknown(id));
  return found;
}

/** Of one of several. */
function notDone(context: CommandContext, text: Text, code: number): number {
  remark(context, `lanewarden queue: ${text[context.language]}`);
  return code;
}
