/** Texts for an installer while the box searches for devices, learns the wiring and rehearses an upload. Both languages; Chinese first. */
import * as table from './commission.made.ts';
import { ACTION, UNREACHED } from './commission.made.ts';
import { roleText } from './lanes/lane-facts.ts';
import { plain, type Text } from './text.ts';

export { snapshotText } from './commission.made.ts';

/** A person's action that makes a role true or false. */
export type LearnAction = 'occupy' | 'leave' | 'open' | 'close' | 'press';
const REVERSE = { occupy: 'leave', leave: 'occupy', open: 'close', close: 'open', press: 'release' } as const;

const ask = (action: LearnAction, role: string): Text => ACTION[action](roleText(role));

export const learnText = {
  ...table.learnText,
  ask,
  back: (
    action: LearnAction,
    role: string,
    points: readonly { readonly point: string; readonly taken: string | undefined }[],
  ): Text =>
    table.learnText.back(
      points.map(({ point, taken }) =>
        taken === undefined ? plain(point) : table.learnText.pointOf(point, roleText(taken)),
      ),
      ACTION[REVERSE[action]](roleText(role)),
    ),
  settling: (points: readonly string[]): Text => table.learnText.settling(points.join(' ')),
  again: (points: readonly string[], action: LearnAction, role: string): Text =>
    table.learnText.again(points, ask(action, role)),
  wrongOne: (point: string, taken: string, action: LearnAction, role: string): Text =>
    table.learnText.wrongOne(point, roleText(taken), ask(action, role)),
  onlyArm: (point: string, taken: string, action: LearnAction, role: string): Text =>
    table.learnText.onlyArm(point, roleText(taken), roleText(role), ask(action, role)),
  unclear: (point: string, action: LearnAction, role: string): Text =>
    table.learnText.unclear(point, ask(action, role)),
} as const;

export const scanText = {
  ...table.scanText,
  /** `code`: of the LinkError. */
  unreached: (port: string, code: string): Text =>
    table.scanText.unreached(port, UNREACHED[code] ?? UNREACHED.timeout ?? plain(code)),
  answers: (functions: readonly number[]): Text =>
    table.scanText.answers(functions.map((code) => `FC${code}`).join(' ')),
} as const;

/** `reason`, `methodDesc`: on the wire, so Chinese only. */
export const rehearseText = {
  ...table.rehearseText,
  reason: '联调测试记录，请忽略',
  methodDesc: '联调测试',
} as const;

export const portText = {
  heldBy: (program: string, pid: number): string => `${program} (pid ${pid})`,
} as const;
