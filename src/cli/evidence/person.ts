/** `lanewarden person PLATE`: what the box holds about one person, to find, to give out and to delete. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { systemClock } from '../../clock.ts';
import { copiesOf, type PersonData, personData } from '../../store/files/person-data.ts';
import { plateAsKept } from '../../store/thread/correction.ts';
import { writeForOwner } from '../../store/thread/owner.ts';
import { personText } from '../../text/commands/person.made.ts';
import { auditText } from '../../text/page/server.ts';
import { STATE_TEXT } from '../../text/store.ts';
import { beijingTime, type Text } from '../../text/text.ts';
import { noteAtShell } from '../access/shell-audit.ts';
import { type Command, type CommandContext, misuse, STORE_OPTIONS } from '../command.ts';
import { namedStore, withStore } from '../named-store.ts';
import { print } from '../output.ts';
import { RANGE_OPTIONS, type TimeRange, timeRange } from '../time-range.ts';

/** A part of a plate would mean many people. */
const PLATE_MIN = 5;
const RECORDS_SHOWN = 50;
/** Tables whose rows are of one person. Days, messages and rows about records name others, too. */
const GIVEN_OUT: ReadonlySet<string> = new Set(['vehicle', 'park_fact', 'mark']);

export const personCommand: Command = {
  name: 'person',
  summary: personText.summary,
  positionals: 'PLATE',
  options: {
    ...STORE_OPTIONS,
    ...RANGE_OPTIONS,
    export: { type: 'string', value: 'FILE', help: personText.export },
    erase: { type: 'boolean', help: personText.erase },
    reason: { type: 'string', value: 'TEXT', help: personText.reason },
    by: { type: 'string', value: 'NAME', help: personText.by },
    yes: { type: 'boolean', short: 'y', help: personText.yes },
  },
  async run(values, [named = ''], context) {
    const plate = plateAsKept(named);
    if ([...plate].length < PLATE_MIN) throw misuse(personText.onePlate);
    const range = timeRange(values, systemClock().wallMs());
    const { reason = '' } = values as { readonly reason?: string };
    if (values.erase === true) requireSure(range, reason, values.yes === true);
    const { path: folder } = await namedStore(values, context);
    const found = within(personData(folder, plate), range);
    print(context, ...lines(found));
    if (typeof values.export === 'string') {
      writeForOwner(values.export, exported(plate, found));
      await noteAtShell(folder, auditText.personGiven, context);
      print(context, personText.exported(values.export));
    }
    if (values.export === undefined && values.erase !== true) await noteAtShell(folder, auditText.personFound, context);
    const by = (values.by as string | undefined) ?? context.environment.USER ?? 'unknown';
    if (values.erase === true) await erase(folder, plate, { by, reason }, context);
  },
};

function requireSure(range: TimeRange | undefined, reason: string, isConfirmed: boolean): void {
  if (range !== undefined) throw misuse(personText.eraseAll);
  if (reason.trim() === '') throw misuse(personText.needsReason);
  if (!isConfirmed) throw misuse(personText.needsYes);
}

/** What others say of the plate has no time of its own: it stays out where one is asked for. */
function within(all: PersonData, range: TimeRange | undefined): PersonData {
  if (range === undefined) return all;
  const isIn = (wallMs: number): boolean => wallMs >= range.fromWallMs && wallMs < range.toWallMs;
  const records = all.records.filter(({ releaseWallMs }) => isIn(releaseWallMs));
  const ids = new Set(records.map(({ id }) => id));
  return {
    records,
    rows: all.rows.filter(({ wallMs }) => isIn(wallMs)),
    pictures: all.pictures.filter(({ record }) => ids.has(record)),
    elsewhere: [],
    named: [],
  };
}

async function erase(
  folder: string,
  plate: string,
  { by, reason }: { readonly by: string; readonly reason: string },
  context: CommandContext,
): Promise<void> {
  const erased = await withStore(folder, ({ review }) => review.erase(plate, by, reason.trim()));
  await noteAtShell(folder, auditText.personErased(reason.trim()), context);
  const { left } = erased;
  const copies = copiesOf(folder);
  const log = join(folder, 'lanewarden.db-wal');
  const isLogLeft = existsSync(log) && readFileSync(log).includes(`"${plate}"`);
  print(
    context,
    personText.erased(erased),
    ...(left.records + left.rows > 0 ? [personText.left(left)] : []),
    ...elsewhereLine(left.elsewhere, personText.leftElsewhere),
    ...(isLogLeft ? [personText.logLeft] : []),
    ...copies.map((copy) => personText.copy(copy)),
    personText.elsewhere,
  );
}

function elsewhereLine(counts: Readonly<Record<string, number>>, text: (places: Text) => Text): readonly Text[] {
  const places = Object.entries(counts).map(([table, count]) => ({ name: personText.table(table), count }));
  if (places.length === 0) return [];
  const joined = (language: keyof Text) => places.map(({ name, count }) => `${name[language]} ${count}`).join(', ');
  return [text({ zh: joined('zh'), en: joined('en') })];
}

function lines({ records, rows, pictures, elsewhere, named }: PersonData): readonly Text[] {
  const counts: Record<string, number> = {};
  for (const { table } of elsewhere) counts[table] = (counts[table] ?? 0) + 1;
  return [
    personText.found(records.length, rows.length, pictures.length),
    ...records
      .slice(0, RECORDS_SHOWN)
      .map(({ id, serial, gateName, releaseWallMs, state }) =>
        personText.record(`${id} ${serial} ${gateName} ${beijingTime(releaseWallMs)}`, STATE_TEXT[state]),
      ),
    ...elsewhereLine(counts, personText.elsewhereFound),
    ...(named.length > 0 ? [personText.named(named.slice(0, RECORDS_SHOWN).join(', '))] : []),
  ];
}

/** Everything as it is kept, for the person: texts as JSON lines, pictures as they were taken. */
function exported(plate: string, { records, rows, pictures, elsewhere }: PersonData): Uint8Array {
  const asLines = (all: readonly unknown[]) => strToU8(all.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const files: Record<string, Uint8Array> = {
    'plate.txt': strToU8(`${plate}\n`),
    'records.jsonl': asLines(records),
    'journal.jsonl': asLines(rows),
    'other-tables.jsonl': asLines(elsewhere.filter(({ table }) => GIVEN_OUT.has(table))),
  };
  for (const { record, file, bytes } of pictures) files[`pictures/${record}-${file}`] = bytes;
  return zipSync(files, { level: 0 });
}
