/**
 * `lanewarden provision`: on the operator's side it makes a key and a file, anywhere it says what a file would change, on the box it hands the file to the
 * running program and waits for how it went.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../../box/state-folder.ts';
import { runningHolder } from '../../box/state-lock.ts';
import { systemClock } from '../../clock.ts';
import type { Kinds } from '../../config/devices.ts';
import { configFile } from '../../config/file.ts';
import { secretsFile } from '../../config/secrets.ts';
import { boxName } from '../../page/access/box-name.ts';
import { readText } from '../../page/durable-files.ts';
import { changesOf } from '../../provision/changes.ts';
import { requireOperator } from '../../provision/operator-key.ts';
import { ProvisionError } from '../../provision/provision-error.ts';
import { FILE_BYTES_MAX, type ProvisionFile, readProvision, shortKey } from '../../provision/provision-file.ts';
import { renderFor } from '../../provision/render.ts';
import { openSealKey } from '../../provision/seal.ts';
import { siteProfilesOf } from '../../provision/site-profiles.ts';
import { fileId, type ProvisionResult, ProvisionSpool } from '../../provision/spool.ts';
import { beijingTime } from '../../text/beijing-time.ts';
import { cliText } from '../../text/commands/cli.ts';
import { changeLines, provisionText as text } from '../../text/fleet/provision.ts';
import { UsageError } from '../arguments.ts';
import { type Command, type CommandContext, EXIT } from '../command.ts';
import { makeOperatorKey, makeProvisionFile } from './provision-make.ts';

const USUAL = '/var/lib/lanewarden';
const LOOK_EVERY_MS = 500;
/** A trial is at most three minutes, after a start. */
const WAIT_MOST_MS = 300_000;

type Values = Readonly<Record<string, unknown>>;

export function provisionCommand(kinds: () => Promise<Kinds>): Command {
  return {
    name: 'provision',
    summary: text.summary,
    positionals: 'FILE | show FILE | make DESCRIPTION | key FILE | id',
    options: {
      config: { type: 'string', short: 'c', value: 'FILE', help: cliText.configOption },
      store: { type: 'string', value: 'FOLDER', help: text.store },
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
      if (what === 'make') return makeProvisionFile(file, values, await kinds(), context);
      if (!existsSync(file)) {
        context.stderr.write(`lanewarden provision: ${cliText.noFile(file)[context.language]}\n`);
        return EXIT.noInput;
      }
      return what === 'show' ? show(file, values, context) : apply(file, values, context);
    },
  };
}

const isWord = (word: string | undefined): word is 'show' | 'make' | 'key' | 'id' =>
  ['show', 'make', 'key', 'id'].includes(word ?? '');

/** The row for the operator's description. */
async function showId(values: Values, context: CommandContext): Promise<number> {
  const { publicKey } = await openSealKey(join(placesOf(values, context).state, 'page'));
  context.stdout.write(`${boxName()}:\n  key: "${publicKey}"\n  values: {}\n`);
  return EXIT.ok;
}

async function show(path: string, values: Values, context: CommandContext): Promise<number> {
  const { state, config } = placesOf(values, context);
  const file = readFile(path);
  printHead(file, context);
  const rendered = renderFor(file, boxName(), await openSealKey(join(state, 'page')));
  const now = {
    yaml: (await readText(config)) ?? '',
    secrets: (await readText(secretsFile(config))) ?? '',
    profiles: await siteProfilesOf(config),
  };
  for (const line of [text.row(rendered.row), ...changeLines(changesOf(rendered, now))])
    context.stdout.write(`${line[context.language]}\n`);
  return EXIT.ok;
}

/** All that can be found wrong at once is found here, before the box is asked. */
async function apply(path: string, values: Values, context: CommandContext): Promise<number> {
  const { stderr, stdout, language, signal } = context;
  const { state, config } = placesOf(values, context);
  const spool = new ProvisionSpool(state);
  const file = readFile(path);
  printHead(file, context);
  const trust = values.trust as string | undefined;
  await requireOperator({ configFile: config, folder: spool.folder }, file.key, trust);
  renderFor(file, boxName(), await openSealKey(join(state, 'page')));
  const written = readFileSync(path, 'utf8');
  await spool.leave({ text: written, ...(trust !== undefined && { trust }) });
  if (runningHolder(state) === undefined) {
    stdout.write(`${text.left[language]}\n`);
    return EXIT.ok;
  }
  stderr.write(`${text.waiting[language]}\n`);
  const result = await ended(spool, fileId(written), signal);
  if (result === undefined) {
    stderr.write(`lanewarden provision: ${text.lost[language]}\n`);
    return EXIT.unavailable;
  }
  const isDone = result.state === 'done';
  (isDone ? stdout : stderr).write(`${isDone ? '' : 'lanewarden provision: '}${result.text[language]}\n`);
  return isDone ? EXIT.ok : EXIT.failure;
}

/** undefined: none in all this time. */
async function ended(spool: ProvisionSpool, id: string, signal: AbortSignal): Promise<ProvisionResult | undefined> {
  const clock = systemClock();
  const untilMs = clock.nowMs() + WAIT_MOST_MS;
  while (clock.nowMs() < untilMs && !signal.aborted) {
    const result = await spool.result();
    if (result?.id === id && result.state !== 'running') return result;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return undefined;
}

function printHead({ key, body }: ProvisionFile, { stdout, language }: CommandContext): void {
  stdout.write(`${text.signedBy(shortKey(key), beijingTime(body.madeWallMs), body.note)[language]}\n`);
}

function readFile(path: string): ProvisionFile {
  const bytes = readFileSync(path);
  if (bytes.length > FILE_BYTES_MAX) throw new ProvisionError('damaged');
  return readProvision(bytes.toString('utf8'));
}

function placesOf(values: Values, { environment }: CommandContext) {
  const config = configFile(values.config as string | undefined, environment);
  const named = typeof values.store === 'string' ? values.store : undefined;
  return { config, state: named ?? stateFolder(config, textOf(config), environment) ?? USUAL };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
