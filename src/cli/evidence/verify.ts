/** `lanewarden verify`: walks the chain of evidence on this box and names what does not fit. It opens the store read-only. */
import { existsSync, readFileSync } from 'node:fs';
import { noteVerified } from '../../box/verified.ts';
import { systemClock } from '../../clock.ts';
import type { Kinds } from '../../config/devices.ts';
import type { BundleFindings } from '../../evidence/bundle-check.ts';
import { keptHeads } from '../../evidence/kept-heads.ts';
import type { KeptHead } from '../../store/chain/chain.ts';
import { type ChainReport, checkChain } from '../../store/chain/chain-check.ts';
import { beijingTime } from '../../text/beijing-time.ts';
import { bundleText, verifyText } from '../../text/evidence.ts';
import type { Text } from '../../text/text.ts';
import { UsageError } from '../arguments.ts';
import { type Command, type CommandContext, EXIT } from '../command.ts';
import { RANGE_OPTIONS, type TimeRange, timeRange } from '../time-range.ts';
import { namedStore, refuse, STORE_OPTIONS } from './named-store.ts';

const FAULTS_SHOWN = 20;
/** The newest; `--json` has all of them. */
const ERASURES_SHOWN = 20;
const OF_THE_CHAIN = [...Object.keys(STORE_OPTIONS), ...Object.keys(RANGE_OPTIONS), 'frames', 'heads'];

export function verifyCommand(kinds: () => Promise<Kinds>): Command {
  return {
    name: 'verify',
    summary: verifyText.summary,
    positionals: '[FILE.zip…]',
    options: {
      ...STORE_OPTIONS,
      ...RANGE_OPTIONS,
      frames: { type: 'boolean', help: verifyText.frames },
      heads: { type: 'string', value: 'FILE', help: verifyText.heads },
      json: { type: 'boolean', help: verifyText.json },
    },
    async run(values, files, context) {
      const range = timeRange(values, systemClock().wallMs());
      if (files.length > 0) {
        const other = OF_THE_CHAIN.find((name) => values[name] !== undefined);
        if (other !== undefined) return fail(context, EXIT.usage, verifyText.notOfFile(`--${other}`));
        return verifyFiles(files, values.json === true, context);
      }
      const heads = typeof values.heads === 'string' ? headsIn(values.heads) : [];
      const folder = await namedStore('verify', values, kinds, context);
      if (typeof folder === 'number') return folder;
      const report = await checkChain(folder, {
        ...range,
        frames: values.frames === true,
        heads,
      });
      // A part of the chain says nothing of the whole.
      if (range === undefined)
        await noteVerified(folder, {
          atWallMs: Math.round(systemClock().wallMs()),
          rows: report.rows,
          faults: report.faults.length,
          ...(values.frames === true && { frames: true }),
        });
      if (values.json === true) context.stdout.write(`${JSON.stringify(report)}\n`);
      else
        for (const line of lines(report, values.frames === true, range))
          context.stdout.write(`${line[context.language]}\n`);
      return report.faults.length === 0 ? EXIT.ok : EXIT.failure;
    },
  };
}

async function verifyFiles(files: readonly string[], asJson: boolean, context: CommandContext): Promise<number> {
  // What unpacks a zip is of no use to a walk, which is to be quick.
  const { checkBundle } = await import('../../evidence/bundle-check.ts');
  let isRight = true;
  for (const file of files) {
    if (!existsSync(file)) return fail(context, EXIT.noInput, verifyText.noFile(file));
    const findings = checkBundle(readFileSync(file));
    isRight &&= findings.faults.length === 0;
    const text = asJson
      ? `${JSON.stringify({ file, ...findings })}\n`
      : `${file}\n${bundleLines(findings)
          .map((line) => `  ${line[context.language]}\n`)
          .join('')}`;
    context.stdout.write(text);
  }
  return isRight ? EXIT.ok : EXIT.failure;
}

function bundleLines({ faults, serial, key, rows, frames, heads, former }: BundleFindings): readonly Text[] {
  if (faults.length > 0) return faults.slice(0, FAULTS_SHOWN).map((fault) => bundleText.fault(fault));
  const behind = [...former.map(({ head }) => head), heads.at(-1)].flatMap((head) => head ?? []);
  const outside = behind.filter(({ ways }) => ways.length > 0);
  return [
    bundleText.proven(serial ?? '', rows, frames),
    bundleText.key(key ?? ''),
    ...former.map(({ last, head }) =>
      head === undefined
        ? bundleText.formerUnsigned(last)
        : bundleText.former(last, head.key, head.last, beijingTime(head.wallMs)),
    ),
    ...(outside.length === 0 ? [bundleText.notOutside] : []),
    ...outside.map(({ last, ways, wallMs }) => bundleText.outside(last, ways.join(', '), beijingTime(wallMs))),
  ];
}

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
    ...erasedAt.slice(-ERASURES_SHOWN).map((row) => verifyText.erasure(row, beijingTime(row.wallMs))),
    verifyText.records(records, hasFrames ? frames : undefined),
    ...tableLines(report, range),
    ...(elsewhere > 0 ? [verifyText.elsewhere(elsewhere)] : []),
    ...(before > 0 ? [verifyText.before(before)] : []),
    ...(open > 0 ? [verifyText.open(open)] : []),
    ...outsideLines(report),
    faults.length === 0 ? verifyText.fits : verifyText.fitsNot(faults.length),
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

const fail = (context: CommandContext, code: number, text: Text): number => refuse('verify', context, code, text);
