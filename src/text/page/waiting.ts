/** A change that weakens a lane, and waits for a second person or an hour. Chinese first. */
import type { Text } from '../text.ts';
import * as table from './waiting.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** What waits. */
export type WaitingKind = 'settings' | 'vehicles' | 'restore' | 'provision';

const WAITING_KIND: Readonly<Record<WaitingKind, Text>> = table.WAITING_KIND;

export const waitingText = {
  ...table.waitingText,
  kind: (kind: WaitingKind): Text => WAITING_KIND[kind],
  title: (who: string, kind: WaitingKind): Text =>
    both(
      `${who} 的${WAITING_KIND[kind].zh}等第二个人同意`,
      `${who}: ${WAITING_KIND[kind].en} waits for a second person`,
    ),
} as const;

/** What became of it, in the watch report. */
export type WaitingState = 'waits' | 'agreed' | 'due' | 'withdrawn' | 'void';

export const WAITING_STATE: Readonly<Record<WaitingState, Text>> = table.WAITING_STATE;
