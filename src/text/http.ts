/** Texts of both HTTP servers: problems, and log lines about connections. Both languages; Chinese first. */

import * as table from './http.made.ts';
import { TYPES } from './http.made.ts';
import type { Text } from './text.ts';

export { httpLog, httpProblemText, noHelpText } from './http.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export interface ProblemText {
  readonly title: Text;
  readonly detail: Text;
}

/** What is wrong with one field of a body or message. */
export const httpFieldText = {
  ...table.httpFieldText,
  type: (expected: string): Text => ({
    zh: `应当是${TYPES[expected]?.zh ?? expected}`,
    en: `must be ${TYPES[expected]?.en ?? expected}`,
  }),
  shortest: (least: number): Text =>
    least <= 1
      ? both('不能为空', 'must not be empty')
      : both(`至少 ${least} 个字`, `must have at least ${least} characters`),
} as const;
