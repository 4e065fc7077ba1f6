/** Texts of commissioning, step by step. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-wizard.made.ts';
import { TEACH_MEANS } from './ui-wizard.made.ts';
import { parityName } from './wizard/first.made.ts';

export { keptForName, reportedKind } from './ui-wizard.made.ts';

export type StepName = 'ports' | 'bus' | 'wiring' | 'camera' | 'cloud' | 'paid' | 'sheet';

export const stepName: Readonly<Record<StepName, Text>> = table.stepName;

export type FirstScreen = 'park' | 'connected' | 'lane';

export const firstScreen: Readonly<Record<FirstScreen, Text>> = table.firstScreen;

export const wizardText = {
  ...table.wizardText,
  /** `speed`: absent behind a socket, which has none. */
  found: (unit: number, speed?: { readonly baudRate: number; readonly parity: string }): Text => ({
    zh: `站号 ${unit}${speed ? `，${speed.baudRate}，${parityName[speed.parity]?.zh ?? speed.parity}校验` : ''}`,
    en: `Unit ${unit}${speed ? `, ${speed.baudRate}, parity ${parityName[speed.parity]?.en ?? speed.parity}` : ''}`,
  }),
  teachMeans: (by: string): Text => TEACH_MEANS[by] ?? { zh: by, en: by },
  learned: (point: string, inverted: boolean): Text => ({
    zh: `测得 ${point}${inverted ? '（取反）' : ''}`,
    en: `found ${point}${inverted ? ' (inverted)' : ''}`,
  }),
  freeInputs: (board: string, free: number): Text => ({
    zh: `${board}（空着 ${free} 路）`,
    en: `${board} (${free} ${free === 1 ? 'input' : 'inputs'} free)`,
  }),
} satisfies Texts;

export const phoneClockText = {
  ...table.phoneClockText,
  isSet: (errorMs = 0): Text => ({
    zh: `本机时间取自手机，误差 ±${(errorMs / 1_000).toFixed(1)} 秒；接上网络后自动校准。没有时钟电池的，断电后要再取一次。`,
    en: `The time of this box was taken from a phone, ±${(errorMs / 1_000).toFixed(1)} s; a network corrects it by itself. Without a clock battery it must be taken again after a power cut.`,
  }),
} as const;
