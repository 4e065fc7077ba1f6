/** The overview together with the state of the configuration, which the running box does not know. Pure. */
import { alertText, headlineText } from '../text/page/alerts.ts';
import type { BackupLive, BoxComplaint, Overview } from './api/api.ts';

/** Answers also when nothing runs (`overview` undefined): that is when it matters most. */
export function overviewWith(
  config: Overview['config'],
  running: Omit<Overview, 'config'> | undefined,
  wallMs: number,
  {
    refused,
    backup,
  }: { readonly refused?: Overview['disk']['stalled']; readonly backup?: BackupLive | undefined } = {},
): Overview {
  const fault = backup && backupComplaint(backup, wallMs);
  const overview = { ...overviewOf(config, running, wallMs, refused), ...(backup && { backup }) };
  if (fault === undefined) return overview;
  if (overview.headline.level === 'ok') return { ...overview, headline: fault };
  return { ...overview, complaints: [...overview.complaints, fault] };
}

/** One night may be missed: the mains were off, or the stick was being changed. */
const BACKUP_OLD_MS = 3 * 86_400_000;

function backupComplaint({ lastWallMs, fault }: BackupLive, wallMs: number): BoxComplaint | undefined {
  const base = { id: 'backup', level: 'warn', page: 'backup' } as const;
  if (fault !== undefined) return { ...base, ...alertText.backupFailed, details: fault };
  const ageMs = wallMs - (lastWallMs ?? wallMs);
  return ageMs < BACKUP_OLD_MS ? undefined : { ...base, ...alertText.backupOld(Math.floor(ageMs / 86_400_000)) };
}

function overviewOf(
  config: Overview['config'],
  running: Omit<Overview, 'config'> | undefined,
  wallMs: number,
  refused: Overview['disk']['stalled'],
): Overview {
  if (running === undefined && refused !== undefined) return { ...waitsForDisk(wallMs, refused), config };
  const overview = running ?? nothingRuns(wallMs);
  const words = configComplaint(config, running !== undefined);
  if (words === undefined) return { ...overview, config };
  const { headline } = overview;
  const rest = headline.level === 'ok' || running === undefined ? [] : [headline];
  // What is wrong on a box that has nothing to do yet is not graver than that.
  const isGraver = words.level === 'error' || headline.level !== 'error' || config.state === 'new';
  return isGraver
    ? { ...overview, headline: words, complaints: [...rest, ...overview.complaints], config }
    : { ...overview, complaints: [words, ...overview.complaints], config };
}

function configComplaint({ state, faults }: Overview['config'], runs: boolean): BoxComplaint | undefined {
  const page = 'config' as const;
  const id = 'config';
  if (state === 'new') return { id, level: 'warn', text: headlineText.nothingYet, page: 'wizard' };
  if (!runs)
    return { id, level: 'error', text: state === 'broken' ? headlineText.noConfig : headlineText.changing, page };
  if (state === 'broken') return { id, level: 'error', text: headlineText.configBroken(faults), page };
  if (state === 'reverted') return { id, level: 'warn', text: headlineText.configReverted, page };
  return state === 'trial' ? { id, level: 'warn', text: headlineText.configTrial, page } : undefined;
}

/** The configuration is as good as it was. */
function waitsForDisk(wallMs: number, stalled: NonNullable<Overview['disk']['stalled']>): Omit<Overview, 'config'> {
  const nothing = nothingRuns(wallMs);
  const headline = { id: 'disk', level: 'error', ...alertText.waitsForDisk(stalled), page: 'diagnostics' } as const;
  return { ...nothing, headline, disk: { ...nothing.disk, stalled } };
}

function nothingRuns(wallMs: number): Omit<Overview, 'config'> {
  return {
    atWallMs: Math.round(wallMs),
    parkUuid: '',
    headline: { id: 'config', level: 'error', text: headlineText.noConfig },
    complaints: [],
    lanes: [],
    devices: [],
    queue: { waiting: 0, held: 0, parked: 0, review: 0, kept: 0, delivered: 0, uploader: 'idle' },
    clock: { quality: 'unknown', wallMs: Math.round(wallMs) },
    disk: { freeBytes: 0, framesBytes: 0, framesMaxBytes: 0 },
  };
}
