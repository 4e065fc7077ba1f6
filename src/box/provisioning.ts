/**
 * Applies provisioning files that were left for this box: checks, tries like a configuration of the page, keeps it only when the box is well with it,
 * and then adds users and tokens. What ran before comes back otherwise, after a power cut too. How a file is made and read is `src/provision`.
 */
import { dirname } from 'node:path';
import type { App } from '../app/app.ts';
import { plainValue } from '../config/edit.ts';
import { confirmable, writtenPeers } from '../config/written-peers.ts';
import { Problem } from '../http/problem.ts';
import { Accounts } from '../page/access/accounts.ts';
import { Audit } from '../page/access/audit.ts';
import type { TokenStore } from '../page/access/made-tokens.ts';
import { requireOperator } from '../provision/operator-key.ts';
import { olderThan, ProvisionError } from '../provision/provision-error.ts';
import { type ProvisionFile, shortKey } from '../provision/provision-file.ts';
import type { Rendered } from '../provision/render.ts';
import { addProfiles } from '../provision/site-profiles.ts';
import { fileId, type Request } from '../provision/spool.ts';
import { provisionText } from '../text/fleet/provision.ts';
import { beijingTime, type Text } from '../text/text.ts';
import { thrownText } from '../text/thrown.ts';
import type { ConfigFiles, ConfigTexts } from './config-files.ts';
import type { Host } from './host.ts';
import { readProvisionBeside } from './parse-process.ts';
import type { ProvisionByMqtt, ProvisionByMqttParts } from './provision-by-mqtt.ts';

const LOOK_EVERY_MS = 1_000;
/** Well for so long without a break, within the time that the host's own trial has. */
const TRIAL = { provenMs: 20_000, withinMs: 180_000 };
const FAULTS_SHOWN = 5;

export interface ProvisioningParts extends Omit<ProvisionByMqttParts, 'places'> {
  readonly host: Host;
  readonly files: ConfigFiles;
  readonly byMqtt: ProvisionByMqtt;
  readonly made: TokenStore;
  /** Of the page's state. */
  readonly folder: string;
  readonly trial?: typeof TRIAL | undefined;
}

/** Ends when `signal` aborts; one that is being applied then is settled by the next start. */
export async function runProvisioning(parts: ProvisioningParts, signal: AbortSignal): Promise<void> {
  const { spool, byMqtt, host, clock, log } = parts;
  await byMqtt.ended().catch(() => undefined);
  while (!signal.aborted) {
    try {
      const left = await spool.interrupted();
      if (left !== undefined) await one(left, parts, signal, goOn);
      await byMqtt.next();
      const request = await spool.take();
      if (request !== undefined) await one(request, parts, signal, tryIt);
      if ((left ?? request) !== undefined) await byMqtt.ended();
    } catch (error) {
      // A disk that refuses, which the store has reported, or a reader that was ended: the file still waits.
      log.warn(provisionText.log(textOf(error)));
    }
    byMqtt.publish(host.app);
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}

/** What is to be applied, found good. */
interface Accepted extends Rendered {
  readonly file: ProvisionFile;
}

/** Resolves when the configuration is in force and kept; false: the program ends. Throws ProvisionError. */
type Step = (accepted: Accepted, parts: ProvisioningParts, signal: AbortSignal) => Promise<boolean>;

async function one(request: Request, parts: ProvisioningParts, signal: AbortSignal, step: Step): Promise<void> {
  const { spool, clock, log, folder } = parts;
  const id = fileId(request.text);
  const audit = new Audit(folder, clock, (error) => log.warn(provisionText.log(textOf(error))));
  try {
    if ((await spool.applied())?.id === id) return await spool.end({ id, state: 'done', text: provisionText.again });
    await spool.tell({ id, state: 'running', text: provisionText.running });
    const accepted = await accept(request, parts);
    if (!(await step(accepted, parts, signal))) return;
    await complete(accepted, parts);
    const text = provisionText.done(accepted.row);
    const { key, body } = accepted.file;
    await audit.add(provisionText.by, provisionText.audit(shortKey(key), beijingTime(body.madeWallMs), accepted.row));
    log.info(provisionText.log(text));
    await spool.end({ id, state: 'done', text });
  } catch (error) {
    if (isOfDisk(error) || isOfReader(error)) throw error;
    const text = textOf(error);
    await audit.add(provisionText.by, provisionText.refused(text));
    log.error(provisionText.log(text));
    const code = error instanceof ProvisionError ? { code: error.code } : {};
    await spool.end({ id, state: 'failed', ...code, text });
  }
}

/** Throws ProvisionError. Changes nothing but the operator's key, where there is none. */
async function accept({ text, trust }: Request, { spool, files, folder, parse }: ProvisioningParts): Promise<Accepted> {
  const { file, rendered } = await readProvisionBeside(parse, text, {
    configFile: files.file,
    stateFolder: dirname(folder),
  });
  await requireOperator({ configFile: files.file, folder: spool.folder }, file.key, trust);
  const applied = await spool.applied();
  if (applied !== undefined && file.body.madeWallMs <= applied.madeWallMs)
    throw olderThan(applied, file.body.madeWallMs);
  return { file, ...rendered };
}

/** In the way of the page: a trial that the host itself ends, should nobody say that it is good. */
const tryIt: Step = async ({ yaml, profiles, part }, parts, signal) => {
  const { host, files, parse } = parts;
  const now = await files.read();
  const texts = await parse.run('withSecrets', { yaml, secrets: now?.secrets }, part.secrets);
  if (texts === undefined) throw new ProvisionError('configuration', 'secrets.yaml');
  await addProfiles(files.file, profiles, host.inForce?.yaml ?? '');
  const faults = (await parse.run('check', files.file, texts))?.faults ?? [];
  if (faults.length > 0) throw new ProvisionError('configuration', faultsText(faults));
  return provenTrial(texts, provisionText.by, parts, signal);
};

/** Nobody need say that it is good: it is kept when the box is well with it. false: the program ends. Throws ProvisionError. */
export async function provenTrial(
  texts: ConfigTexts,
  by: string,
  parts: TrialParts,
  signal: AbortSignal,
): Promise<boolean> {
  const before = healthOf(parts.host.app);
  const work = parts.host.apply(texts, by);
  const nothing = () => undefined;
  const outcome = await work({ signal, progress: nothing, soFar: nothing, picture: nothing });
  if (outcome !== undefined && 'state' in outcome && outcome.state === 'reverted')
    throw new ProvisionError('notWell', 'why' in outcome && outcome.why !== undefined ? outcome.why : '');
  return proven({ yaml: texts.yaml, by, before }, parts, signal);
}

/** After a start: it was kept, or the former one is back. */
const goOn: Step = async ({ yaml, part }, { host }) => {
  const known = plainValue(host.inForce?.secrets ?? '');
  const held = typeof known === 'object' && known !== null ? new Map(Object.entries(known)) : new Map();
  const isInForce =
    host.inForce?.yaml === yaml && Object.entries(part.secrets).every(([name, value]) => held.get(name) === value);
  if (!isInForce) throw new ProvisionError('interrupted');
  return true;
};

interface Health {
  readonly reads: boolean;
  readonly refused: boolean;
}

const healthOf = (app: App | undefined): Health => ({
  reads: app?.hasRead() === true,
  refused: app?.uploads.state() === 'refused',
});

/** No worse than before: a device is read if one was, nothing is refused that was not, disk and ports are usable. */
function isWell(app: App | undefined, before: Health): boolean {
  if (app === undefined) return false;
  const now = healthOf(app);
  const isRead = now.reads || !before.reads;
  const isTaken = !now.refused || before.refused;
  return isRead && isTaken && app.intakePorts.faults.length === 0 && app.store.status().stalled === undefined;
}

type TrialParts = Pick<ProvisioningParts, 'host' | 'clock' | 'trial'>;

async function proven(
  { yaml, by, before }: { readonly yaml: string; readonly by: string; readonly before: Health },
  { host, clock, trial = TRIAL }: TrialParts,
  signal: AbortSignal,
): Promise<boolean> {
  const beganMs = clock.nowMs();
  let wellSinceMs = beganMs;
  while (!signal.aborted) {
    const { state } = host.state;
    if (state !== 'trial') {
      if (state === 'good' && host.inForce?.yaml === yaml) return true;
      throw new ProvisionError('notWell');
    }
    const nowMs = clock.nowMs();
    if (!isWell(host.app, before)) wellSinceMs = nowMs;
    if (nowMs - wellSinceMs >= trial.provenMs) {
      await host.keep(by);
      return true;
    }
    if (nowMs - beganMs > trial.withinMs) {
      await host.revert();
      throw new ProvisionError('notWell');
    }
    await clock.sleep(LOOK_EVERY_MS / 2, signal);
  }
  return false;
}

/** Each part can be done again: a power cut in between is gone on from at the next start. */
async function complete(
  { file, row, part, confirms }: Accepted,
  { folder, clock, made, spool, host }: ProvisioningParts,
) {
  const users = part.users.map(({ lanes, ...user }) => ({ ...user, ...(lanes && { lanes }) }));
  await (await Accounts.open(folder, clock)).provide(users);
  await made.provide(part.tokens, provisionText.by);
  const { app } = host;
  const peers = app === undefined ? [] : confirmable(writtenPeers(app.config));
  // A store that refuses fails the file, which is then tried again.
  // One that moved an arm waits for a person.
  for (const peer of peers)
    if (confirms.includes(peer.name) && app?.peers.isStopped(peer) === false)
      await app?.peers.confirm(peer, shortKey(file.key), 'provision');
  const detail = { file: file.id, made: new Date(file.body.madeWallMs).toISOString(), row };
  // A store that refuses has reported that itself.
  await app?.store.looks.report({ why: 'provisioned', who: shortKey(file.key), detail }).catch(() => undefined);
  const { madeWallMs } = file.body;
  await spool.noteApplied({ id: file.id, madeWallMs, row, atWallMs: Math.round(clock.wallMs()) });
}

/** It says nothing of the file. */
const isOfReader = (error: unknown): boolean =>
  error instanceof Problem && (error.code === 'unavailable' || error.code === 'busy');

const isOfDisk = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

function textOf(error: unknown): Text {
  const text = (error as { readonly text?: Text }).text;
  return text ?? { zh: thrownText(error), en: thrownText(error) };
}

function faultsText(faults: readonly { readonly line: number; readonly message: Text }[]): Text {
  const shown = faults.slice(0, FAULTS_SHOWN);
  return {
    zh: shown.map(({ line, message }) => `第 ${line} 行 ${message.zh}`).join('；'),
    en: shown.map(({ line, message }) => `line ${line}, ${message.en}`).join('; '),
  };
}
