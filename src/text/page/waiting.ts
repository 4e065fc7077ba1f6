/** A change that weakens a lane, and waits for a second person or an hour. */

export { WAITING_KIND, WAITING_STATE, waitingText } from './waiting.made.ts';

export type WaitingKind = 'settings' | 'vehicles' | 'restore' | 'provision';
export type WaitingState = 'waits' | 'agreed' | 'due' | 'withdrawn' | 'void';
