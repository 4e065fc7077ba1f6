/**
 * `lanewarden provision`: on the operator's side it makes a key and a file, anywhere it says what a file would change, on the box it hands the file to the
 * running program and waits for how it went.
 */
import { existsSync, readFileSync } from 'node:fs';
import { runningHolder } from '../../box/state-lock.ts';
import { systemClock } from '../../clock.ts';
import { changeLines } from '../../provision/change-text.ts';
import { boxIdentity, lookAt } from '../../provision/look.ts';
import { requireOperator } from '../../provision/operator-key.ts';
import { ProvisionError } from '../../provision/provision-error.ts';
import { type ProvisionFile, shortKey } from '../../provision/provision-file.ts';
import { ProvisionSpool } from '../../provision/spool.ts';
import { SMALL_BYTES } from '../../small-file.ts';
import { cliText } from '../../text/commands/cli.ts';
import { provisionText as text } from '../../text/fleet/provision.ts';
import { beijingTime } from '../../text/text.ts';
import { namedState } from '../access/page-folder.ts';
import { noteAtShell } from '../access/shell-audit.ts';
import { UsageError } from '../arguments.ts';
import { type Command, type CommandContext, EXIT, ExitError, STORE_OPTIONS } from '../command.ts';
import { print, remark } from '../output.ts';
import { makeOperatorKey, makeProvisionFile } from './provision-make.ts';

type Values = Readonly<Record<string, unknown>>;

export const provisionCommand: Command = {
  name: 'provision',
  summary: text.summary,
  positionals: 'FILE | show FILE | make DESCRIPTION | key FILE | id',
  options: {
    ...STORE_OPTIONS,
    trust: { type: 'string', value: 'KEY', help: text.trust },
    key: { type: 'string', value: 'FILE', help: text.key },
    out: { type: 'string', short: 'o', value: 'FILE', help: text.out },
  },
  run: async (values, [first, second], context) => {
    const [what, file] = isWord(first) ? [first, second] : (['apply', first] as const);
    if (what === 'id') return showId(values, context);
    if (file === undefined || (what === 'apply' && second !== undefined))
      throw new UsageError('positional', text.needsWords);
    if (what === 'key') return makeOperatorKey(file, context);
    if (what === 'make') return makeProvisionFile(file, values, context);
    if (!existsSync(file)) throw new ExitError(EXIT.noInput, cliText.noFile(file));
    return what === 'show' ? show(file, values, context) : apply(file, values, context);
  },
};

const isWord = (word: string | undefined): word is 'show' | 'make' | 'key' | 'id' =>
  ['show', 'make', 'key', 'id'].includes(word ?? '');

/** The row for the operator's description. */
async function showId(values: Values, context: CommandContext): Promise<void> {
  const { name, key } = await boxIdentity(namedState(values, context));
  print(context, `${name}:`, `  key: "${key}"`, '  values: {}');
}

async function show(path: string, values: Values, context: CommandContext): Promise<void> {
  const { file, rendered, changes } = await lookAt(textIn(path), namedState(values, context));
  printHead(file, context);
  print(context, text.row(rendered.row), ...changeLines(changes));
}

/** All that can be found wrong at once is found here, before the box is asked. */
async function apply(path: string, values: Values, context: CommandContext): Promise<void> {
  const { configFile: config, stateFolder: state } = namedState(values, context);
  const spool = new ProvisionSpool(state);
  const written = textIn(path);
  try {
    const { file } = await lookAt(written, { configFile: config, stateFolder: state });
    printHead(file, context);
    const trust = values.trust as string | undefined;
    await requireOperator({ configFile: config, folder: spool.folder }, file.key, trust);
    await spool.leave({ text: written, ...(trust !== undefined && { trust }) });
    await noteAtShell(state, text.handed(shortKey(file.key)), context);
  } catch (error) {
    if (error instanceof ProvisionError) await noteAtShell(state, text.refused(error.text), context);
    throw error;
  }
  if (runningHolder(state) === undefined) return print(context, text.left);
  remark(context, text.waiting);
  const result = await spool.ended(written, systemClock(), context.signal);
  if (result === undefined) throw new ExitError(EXIT.unavailable, text.lost);
  if (result.state !== 'done') throw new ExitError(EXIT.failure, result.text);
  print(context, result.text);
}

const printHead = ({ key, body }: ProvisionFile, context: CommandContext): void =>
  print(context, text.signedBy(shortKey(key), beijingTime(body.madeWallMs), body.note));

function textIn(path: string): string {
  const bytes = readFileSync(path);
  if (bytes.length > SMALL_BYTES) throw new ProvisionError('damaged');
  return bytes.toString('utf8');
}
