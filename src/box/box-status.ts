/** All that tells whether the box is well, for the command `status`. It gathers, and judges what the overview does not know. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { COMMISSIONED_FILE } from '../page/access/box-name.ts';
import { certificateFacts } from '../page/access/certificate.ts';
import type { Overview } from '../page/api/api.ts';
import type { IntakeView } from '../page/api/api-intake.ts';
import { overviewWith } from '../page/overview.ts';
import { type KeptFacts, keptFacts, verifyComplaints } from '../status/kept-facts.ts';
import type { Store } from '../store/types.ts';
import { type UpdateResult, updateState } from '../system/update-request.ts';
import { statusText } from '../text/commands/status.made.ts';
import type { Text } from '../text/text.ts';
import type { BoxView } from './box-view.ts';
import type { Host } from './host.ts';
import type { NightlyBackups } from './nightly-backups.ts';
import type { LockHolder } from './state-lock.ts';
import type { UpdatePlaces } from './updates.ts';
import { lastVerified, type Verified } from './verified.ts';

export interface BoxStatus {
  readonly atWallMs: number;
  /** All is well; else what is not, worst first. */
  readonly well: boolean;
  readonly complaints: readonly Pick<Overview['headline'], 'level' | 'text'>[];
  /** Absent: no program runs on this state folder. */
  readonly program?: LockHolder & { readonly version: string };
  /** Of the running program. */
  readonly overview?: Overview;
  readonly channels?: IntakeView['channels'];
  /** Absent: the store does not answer. */
  readonly kept?: KeptFacts;
  readonly certificate?: { readonly fingerprint: string; readonly untilWallMs: number };
  readonly update?: UpdateResult;
  readonly verified?: Verified;
}

const DAY_MS = 86_400_000;
const CERTIFICATE_WARN_MS = 30 * DAY_MS;
const GRAVITY = { error: 0, warn: 1, ok: 2 } as const;

export interface StatusParts {
  readonly host: Host;
  readonly view: BoxView;
  readonly stateFolder: string;
  readonly clock: Clock;
  readonly version: string;
  readonly holder: LockHolder;
  readonly updates: UpdatePlaces | undefined;
  readonly backups: Pick<NightlyBackups, 'view'>;
}

/** Of the program that runs. */
export async function boxStatus(parts: StatusParts): Promise<BoxStatus> {
  const { host, view, stateFolder, clock, version, holder, updates, backups } = parts;
  const box = view.box();
  const wallMs = wallMsOf(view, clock);
  const overview = overviewWith(host.state, await box?.overview(), wallMs, {
    refused: host.refused,
    backup: backups.view(),
  });
  const update = updates && updateState(updates, clock.wallMs());
  const rest = await besideOf(stateFolder, view.app()?.store, wallMs);
  const updateFailed = update?.state === 'failed' && { level: 'warn' as const, text: update.text ?? statusText.noText };
  return judged({
    ...rest,
    complaints: [
      ...(overview.headline.level === 'ok' ? [] : [overview.headline, ...overview.complaints]),
      ...rest.complaints,
      ...(updateFailed ? [updateFailed] : []),
    ],
    program: { ...holder, version },
    overview,
    ...(box && { channels: box.intake().channels }),
    ...(update && { update }),
  });
}

/** Of a state folder that no program runs on. */
export async function idleStatus(stateFolder: string, store: Store, clock: Clock): Promise<BoxStatus> {
  const rest = await besideOf(stateFolder, store, clock.wallMs());
  const notRunning = { level: 'error' as const, text: statusText.notRunning };
  return judged({ ...rest, complaints: [notRunning, ...rest.complaints] });
}

async function besideOf(stateFolder: string, store: Store | undefined, wallMs: number) {
  const folder = join(stateFolder, 'page');
  const [kept, certificate, verified, commissioned] = await Promise.all([
    // A disk that refuses is one of the complaints already.
    store === undefined ? undefined : keptFacts(store, wallMs).catch(() => undefined),
    certificateFacts(folder).catch(() => undefined),
    lastVerified(stateFolder),
    stat(join(stateFolder, COMMISSIONED_FILE)).catch(() => undefined),
  ]);
  const ends = certificate !== undefined && certificate.untilWallMs - wallMs < CERTIFICATE_WARN_MS;
  return {
    atWallMs: Math.round(wallMs),
    ...(kept && { kept }),
    ...(certificate && { certificate }),
    ...(verified && { verified }),
    complaints: [
      ...(ends ? [{ level: 'warn' as const, text: certificateText(certificate.untilWallMs - wallMs) }] : []),
      ...verifyComplaints(verified, wallMs - (verified?.atWallMs ?? commissioned?.mtimeMs ?? wallMs)),
    ],
  };
}

function judged(status: Omit<BoxStatus, 'well'>): BoxStatus {
  const complaints = status.complaints.toSorted((a, b) => GRAVITY[a.level] - GRAVITY[b.level]);
  return {
    ...status,
    complaints: complaints.map(({ level, text }) => ({ level, text })),
    well: complaints.length === 0,
  };
}

function wallMsOf(view: BoxView, clock: Clock): number {
  const app = view.app();
  return app === undefined ? clock.wallMs() : app.store.time.wallMsAt(app.clock.nowMs());
}

const certificateText = (leftMs: number): Text =>
  leftMs < 0 ? statusText.certificateEnded : statusText.certificateEnds(Math.floor(leftMs / DAY_MS));
