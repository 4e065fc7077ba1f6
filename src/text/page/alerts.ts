/** What is wrong with a box: one sentence of at most 40 Chinese or 90 Latin characters beside given names, what to do, what support asks for. */
import { type FaultWords, unprovenText, unprovenWords } from '../fault.ts';
import { roleText } from '../lanes/lane-facts.ts';
import { STALLED_TEXT } from '../store.ts';
import { joined, type Text } from '../text.ts';
import * as table from './alerts.made.ts';
import { deviceKind } from './ui-overview.ts';

export { headlineText } from './alerts.made.ts';

export interface Alert {
  readonly text: Text;
  readonly todo?: Text;
  /** Addresses, codes and the words of other programs. */
  readonly details?: Text;
}

/** Names of signals that fit into a sentence. */
const ROLES_NAMED = 3;
const signals = (roles: readonly string[]): Text =>
  roles.length > ROLES_NAMED ? table.signals(roles.length) : joined(roles.map(roleText), '、', ', ');

type DeviceKind = keyof typeof deviceKind;
/** As the list of devices has it, at the head of a sentence. */
const headOf = (kind: DeviceKind): Text => ({
  zh: deviceKind[kind].zh,
  en: deviceKind[kind].en.replace(/^./, (first) => first.toUpperCase()),
});
const nameOf = (id: string): string => id.split('/').at(-1) ?? id;

type Saved = Readonly<Record<'records' | 'unreadable' | 'lostPages', number>>;

export const alertText = {
  ...table.alertText,
  lost: (lane: string, roles: readonly string[], hidesArm: boolean) =>
    table.alertText.lost(lane, signals(roles), hidesArm, 'pointsLost'),
  network: (names: readonly string[]) => table.alertText.network(names.length, names),
  uplink: (names: readonly string[]) => table.alertText.uplink(names.length, names),
  senderClock: (sender: string, offsetMs: number) =>
    table.alertText.senderClock(sender, Math.abs(offsetMs), offsetMs > 0),
  degraded: (lane: string, roles: readonly string[]) => table.alertText.degraded(lane, signals(roles)),
  down: (id: string, kind: DeviceKind, forMs = 0, words?: FaultWords, port?: string) =>
    table.alertText.down(
      headOf(kind),
      nameOf(id),
      words?.what,
      forMs < 1_000 ? undefined : forMs,
      words?.todo,
      id,
      port,
      words?.details,
    ),
  unproven: (id: string, codes: readonly string[]) =>
    table.alertText.unproven(
      nameOf(id),
      unprovenWords(codes),
      joined(codes.flatMap((code) => unprovenText[code as keyof typeof unprovenText] ?? [])),
    ),
  stalled: (why: keyof typeof STALLED_TEXT, unkept?: { readonly records: number; readonly delivered: number }) =>
    table.alertText.stalled(STALLED_TEXT[why], why, unkept && table.inMemory(unkept)),
  waitsForDisk: (why: keyof typeof STALLED_TEXT) => table.alertText.waitsForDisk(STALLED_TEXT[why], why),
  damaged: ({ agoMs, saved }: { readonly agoMs: number; readonly saved?: Saved }) =>
    table.alertText.damaged(
      agoMs,
      saved ? table.saved({ ...saved, whole: saved.unreadable + saved.lostPages === 0 }) : table.beingSaved,
    ),
} as const;
