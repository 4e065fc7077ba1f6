/** Texts of both HTTP servers: problems, and log lines about connections. Both languages; Chinese first. */
import * as table from './http.made.ts';
import type { Text } from './text.ts';

export { httpLog, httpProblemText, noHelpText } from './http.made.ts';

export interface ProblemText {
  readonly title: Text;
  readonly detail: Text;
}

/** What is wrong with one field of a body or message. */
export const httpFieldText = {
  ...table.httpFieldText,
  shortest: (least: number): Text => table.httpFieldText.shortest(least, least <= 1),
} as const;
