/** `lanewarden verify`: walks the chain of evidence on this box and names what does not fit. It opens the store read-only. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noteVerified } from '../../box/verified.ts';
import { systemClock } from '../../clock.ts';
import { readBoxKey } from '../../evidence/box-key.ts';
import type { BundleFindings, KnownElsewhere } from '../../evidence/bundle-check.ts';
import { bundleText, verifyText } from '../../evidence/evidence-text.ts';
import { keptHeads } from '../../evidence/kept-heads.ts';
import type { KeptHead } from '../../store/chain/chain.ts';
import { type ChainReport, checkChain } from '../../store/chain/chain-check.ts';
import { type SheetFact, sheetFact } from '../../store/chain/sheet-facts.ts';
import { beijingTime, type Text } from '../../text/text.ts';
import { UsageError } from '../arguments.ts';
import { type Command, type CommandContext, EXIT, ExitError, JSON_OPTION, misuse, STORE_OPTIONS } from '../command.ts';
import { namedFolder, namedStore } from '../named-store.ts';
import { printResult } from '../output.ts';
import { RANGE_OPTIONS, type TimeRange, timeRange } from '../time-range.ts';

const FAULTS_SHOWN = 20;
/** The newest; `--json` has all of them. */
const ERASURES_SHOWN = 20;
const OF_THE_CHAIN = [...Object.keys(RANGE_OPTIONS), 'frames', 'sheet', 'gently'];
/** Of a core, and how much at a time: some milliseconds on a PC, some tens on a Raspberry Pi. */
const GENTLE = { share: 0.01, rows: 1_000 };
const KEY_FORM = /^[0-9a-f]{64}$/;

export const verifyCommand: Command = {
  name: 'verify',
  summary: verifyText.summary,
  positionals: '[FILE.zip…]',
  options: {
    ...STORE_OPTIONS,
    ...RANGE_OPTIONS,
    frames: { type: 'boolean', help: verifyText.frames },
    heads: { type: 'string', value: 'FILE', help: verifyText.heads },
    key: { type: 'string', value: 'KEY', help: verifyText.key },
    sheet: { type: 'string', value: 'DAY', help: verifyText.sheet },
    gently: { type: 'boolean', help: verifyText.gently },
    ...JSON_OPTION,
  },
  async run(values, files, context) {
    if (files.length > 0) {
      const other = OF_THE_CHAIN.find((name) => values[name] !== undefined);
      if (other !== undefined) throw misuse(verifyText.notOfFile(`--${other}`));
      return verifyFiles(files, await knownElsewhere(values, context), values.json === true, context);
    }
    if (values.key !== undefined) throw misuse(verifyText.keyOfFile);
    return verifyStore(values, context);
  },
};

async function verifyStore(values: Parameters<Command['run']>[0], context: CommandContext): Promise<number> {
  const given = timeRange(values, systemClock().wallMs());
  const heads = typeof values.heads === 'string' ? headsIn(values.heads) : [];
  const { path: folder } = await namedStore(values, context);
  const sheet = typeof values.sheet === 'string' ? sheetIn(folder, values.sheet) : undefined;
  const range = sheet === undefined ? given : { fromWallMs: sheet.wallMs, toWallMs: sheet.wallMs + 1 };
  const report = await checkChain(folder, {
    ...range,
    ...(sheet && { sheet: sheet.fact.span }),
    frames: values.frames === true,
    heads,
    ...(values.gently === true && { gently: { ...GENTLE, clock: systemClock() } }),
  });
  // A part of the chain says nothing of the whole.
  if (range === undefined)
    await noteVerified(folder, {
      atWallMs: Math.round(systemClock().wallMs()),
      rows: report.rows,
      faults: report.faults.length,
      ...(values.frames === true && { frames: true }),
    });
  for (const fault of report.faults.slice(0, FAULTS_SHOWN)) context.found?.(verifyText.fault(fault));
  printResult(context, values.json, { ...report, ...(sheet && { sheet }) }, () => [
    ...sheetLines(sheet),
    ...lines(report, values.frames === true, range),
  ]);
  return report.faults.length === 0 ? EXIT.ok : EXIT.failure;
}

/** A day or a month, as it entered the chain. Throws UsageError and ExitError. */
function sheetIn(folder: string, span: string): SheetFact {
  if (!/^\d{4}-\d\d(-\d\d)?$/.test(span)) throw new UsageError('option', verifyText.badSheet(span));
  const found = sheetFact(folder, span);
  if (found === undefined) throw new ExitError(EXIT.noInput, verifyText.noSheet(span));
  return found;
}

const sheetWords = ({ fact: { span, sha256, sums }, seq: row, wallMs }: SheetFact) => {
  const { passages = 0, amount = 0, unpaid = 0 } = sums;
  return { span, sha256, row, time: beijingTime(wallMs), passages, amount, unpaid };
};
const sheetLines = (sheet: SheetFact | undefined): readonly Text[] =>
  sheet === undefined ? [] : [verifyText.sheetSaid(sheetWords(sheet))];

/** What a bundle is compared with. */
interface Known extends KnownElsewhere {
  /** Of this box, where there is one; a bundle need not be its own unless the options say so. */
  readonly own?: string | undefined;
}

/** Throws UsageError. */
async function knownElsewhere(
  { key, heads, config, store }: Parameters<Command['run']>[0],
  context: CommandContext,
): Promise<Known> {
  const given = typeof key === 'string' ? keyIn(key) : undefined;
  const isNamed = config !== undefined || store !== undefined;
  const own = await namedFolder({ config, store }, context)
    .then(({ path }) => readBoxKey(join(path, 'page')))
    // On this machine there is no box, or its key may not be read.
    .catch(() => undefined)
    .then((found) => found?.publicKey);
  if (isNamed && own === undefined) throw new UsageError('option', verifyText.noBoxKey(String(store ?? config)));
  return {
    key: given ?? (isNamed ? own : undefined),
    own,
    heads: typeof heads === 'string' ? headsIn(heads) : undefined,
  };
}

function keyIn(given: string): string {
  const text = existsSync(given) ? readFileSync(given, 'utf8') : given;
  const key = text.trim().toLowerCase();
  if (!KEY_FORM.test(key)) throw new UsageError('option', verifyText.badKey);
  return key;
}

async function verifyFiles(
  files: readonly string[],
  known: Known,
  asJson: boolean,
  context: CommandContext,
): Promise<number> {
  // What unpacks a zip is of no use to a walk, which is to be quick.
  const { checkBundle } = await import('../../evidence/bundle-check.ts');
  let isRight = true;
  for (const file of files) {
    if (!existsSync(file)) throw new ExitError(EXIT.noInput, verifyText.noFile(file));
    const findings = checkBundle(readFileSync(file), known);
    const passes = findings.faults.length === 0;
    isRight &&= passes;
    const verdict = passes && !isCompared(findings, known) ? bundleText.uncompared : bundleText.verdict(passes);
    printResult(context, asJson, { file, verdict: verdict.en, ...findings }, () => [
      `${verdict[context.language]}  ${file}`,
      // What a bundle says must not move the cursor of a terminal, nor turn a line round.
      ...bundleLines(findings, known).map(
        (line) => `  ${line[context.language].replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')}`,
      ),
    ]);
  }
  return isRight ? EXIT.ok : EXIT.failure;
}

/** With the key of this box where none was given; another box's stays to be compared. */
const isCompared = ({ key }: BundleFindings, { key: given, own }: Known): boolean => given !== undefined || own === key;

function bundleLines(findings: BundleFindings, known: Known): readonly Text[] {
  const { faults, serial, madeWallMs = 0, rows, frames, heads, former, agreed } = findings;
  if (faults.length > 0) return faults.slice(0, FAULTS_SHOWN).map((fault) => bundleText.fault(fault));
  const behind = [...former.map(({ head }) => head), heads.at(-1)].flatMap((head) => head ?? []);
  const outside = behind.filter(({ ways }) => ways.length > 0);
  return [
    bundleText.proven(serial ?? '', rows, frames, beijingTime(madeWallMs)),
    ...keyLines(findings, known),
    ...(agreed === undefined ? [] : [bundleText.agreed(agreed)]),
    ...former.map(({ last, head }) =>
      head === undefined
        ? bundleText.formerUnsigned(last)
        : bundleText.former(last, head.key, head.last, beijingTime(head.wallMs)),
    ),
    ...(outside.length === 0 ? [bundleText.notOutside] : []),
    ...outside.map(({ last, ways, wallMs }) => bundleText.outside(last, ways.join(', '), beijingTime(wallMs))),
  ];
}

const keyLines = (findings: BundleFindings, known: Known): readonly Text[] => {
  const { key = '' } = findings;
  const { key: given, own } = known;
  const said =
    given !== undefined ? [bundleText.asGiven] : own === undefined ? [] : [bundleText.ofThisBox(own === key)];
  return [bundleText.key(key, isCompared(findings, known)), ...said];
};

function lines(report: ChainReport, hasFrames: boolean, range: TimeRange | undefined): readonly Text[] {
  const { faults, chains, rows, deleted, erased, erasures, erasedAt, records, frames, elsewhere, before, open } =
    report;
  const looked = [
    ...(range === undefined ? [] : [stretchText(range)]),
    ...faults.slice(0, FAULTS_SHOWN).map((fault) => verifyText.fault(fault)),
    ...(faults.length > FAULTS_SHOWN ? [verifyText.more(faults.length - FAULTS_SHOWN)] : []),
  ];
  if (range !== undefined && rows === 0) return [...looked, verifyText.noRowThen];
  return [
    ...looked,
    ...chains.flatMap(beginning),
    verifyText.rows(rows, deleted),
    ...(erasures > 0 ? [verifyText.erased(erased, erasures)] : []),
    ...erasedAt.slice(-ERASURES_SHOWN).map((row) => verifyText.erasure({ ...row, time: beijingTime(row.wallMs) })),
    hasFrames ? verifyText.pictures(records, frames) : verifyText.records(records),
    ...tableLines(report, range),
    ...(elsewhere > 0 ? [verifyText.elsewhere(elsewhere)] : []),
    ...(before > 0 ? [verifyText.before(before)] : []),
    ...(open > 0 ? [verifyText.open(open)] : []),
    ...outsideLines(report),
    faults.length === 0 ? verifyText.fits : verifyText.fitsNot(faults.length, faults.length === 1),
    bundleText.verdict(faults.length === 0),
  ];
}

function tableLines({ tables }: ChainReport, range: TimeRange | undefined): readonly Text[] {
  if (tables === undefined) return range === undefined ? [verifyText.noTables] : [];
  const { compared, taken } = tables;
  return [
    verifyText.tables(compared),
    ...(taken === undefined ? [] : [verifyText.taken(taken.rows, beijingTime(taken.wallMs))]),
  ];
}

function beginning({ chain, why, follows }: ChainReport['chains'][number]): readonly Text[] {
  return [
    verifyText.begins(chain, why),
    ...(follows === undefined ? [] : [verifyText.follows(follows.last)]),
    ...(follows?.signed.map(({ key, last, wallMs }) => verifyText.followsKey(key, last, beijingTime(wallMs))) ?? []),
  ];
}

function stretchText({ fromWallMs, toWallMs }: TimeRange): Text {
  const from = fromWallMs <= 0 ? undefined : beijingTime(fromWallMs);
  return verifyText.stretch(from, toWallMs === Number.MAX_SAFE_INTEGER ? undefined : beijingTime(toWallMs));
}

/** What another place than the box knows of its chain: heads that left it, and those that were given to this command. */
function outsideLines({ outside, agreed }: ChainReport): readonly Text[] {
  const left = outside && verifyText.outside(outside.last, outside.ways.join(', '), beijingTime(outside.wallMs));
  const kept =
    agreed &&
    verifyText.agreed(agreed.count, agreed.last, agreed.wallMs === undefined ? undefined : beijingTime(agreed.wallMs));
  const known = [left, kept].flatMap((line) => line ?? []);
  return known.length === 0 ? [verifyText.nothingOutside] : known;
}

function headsIn(file: string): readonly KeptHead[] {
  const found = keptHeads(readFileSync(file, 'utf8'));
  if (found.length === 0) throw new UsageError('option', verifyText.badHeads(file));
  return found;
}
