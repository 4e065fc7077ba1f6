/** Texts of the page's server: problems, jobs, audit, the log's lines about the page. Chinese first. */
import type { Text } from '../text.ts';
import * as table from './server.made.ts';
import { ACTED } from './server.made.ts';
import { MARK_NAME } from './ui-review.ts';
import { roleName } from './ui-shell.ts';

export { jobText, pageLog, routeRole, routeText } from './server.made.ts';

export const pageText = {
  ...table.pageText,
  /** The user name of every visitor of the demonstration. */
  demoUser: 'demo',
  /** Who acts while there is no user, and with a token that is none: names that no user can have. */
  newBox: '(new box)',
  noToken: '(token)',
} as const;

const NAMED_MOST = 20;
const recordsText = (ids: readonly number[]): Text =>
  ids.length <= NAMED_MOST
    ? table.auditText.records(ids)
    : table.auditText.manyRecords(ids.length, ids.slice(0, NAMED_MOST));

export const auditText = {
  ...table.auditText,
  acted: (kind: keyof typeof ACTED, ids: readonly number[], why?: string): Text =>
    table.auditText.acted(ACTED[kind], recordsText(ids), why),
  marked: (kind: keyof typeof MARK_NAME, ids: readonly number[]): Text =>
    table.auditText.marked(recordsText(ids), MARK_NAME[kind]),
  userAdded: (user: string, role: keyof typeof roleName, lanes?: readonly string[]): Text =>
    table.auditText.userAdded(user, { zh: roleName[role].zh, en: role }, lanes),
} as const;
