/** Texts of commissioning, step by step. Chinese first. */
import { plain, type Text } from '../text.ts';
import * as table from './ui-wizard.made.ts';
import { parityName } from './wizard/first.made.ts';

export { firstScreen, keptForName, phoneClockText, reportedKind, stepName } from './ui-wizard.made.ts';

export type StepName = keyof typeof table.stepName;
export type FirstScreen = keyof typeof table.firstScreen;

export const wizardText = {
  ...table.wizardText,
  found: (unit: number, speed?: { readonly baudRate: number; readonly parity: string }): Text => {
    const parity = speed && (parityName[speed.parity] ?? plain(speed.parity));
    return table.wizardText.found(unit, parity && table.wizardText.speed(speed.baudRate, parity));
  },
} as const;
