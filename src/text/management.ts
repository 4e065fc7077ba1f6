/** Texts about management systems that are known by a profile: faults of their configuration, and log lines. Both languages; Chinese first. */
import { READ_FAULT } from './management.made.ts';
import type { Text } from './text.ts';

export { pullLog, systemFaultText, systemText } from './management.made.ts';

/** Of the words of a server or a driver; the first that fits. */
const FORMS: readonly (readonly [RegExp, keyof typeof READ_FAULT])[] = [
  [/certificate|encrypt/i, 'encrypted'],
  [/command denied|permission denied|permission was denied/i, 'noRight'],
  [/unknown database|database .* does not exist|cannot open database/i, 'noDatabase'],
  [/access denied|authentication failed|login failed|no pg_hba|is not allowed to connect/i, 'login'],
  [/unknown column|no such column|column .* does not exist|invalid column/i, 'noColumn'],
  [/doesn't exist|no such table|relation .* does not exist|invalid object name/i, 'noTable'],
  [/ENOENT|unable to open database|directory does not exist/i, 'noFile'],
  [/EACCES|EPERM/, 'fileRight'],
  [/ECONNREFUSED/, 'noPort'],
  [/ENOTFOUND|EAI_AGAIN/, 'noName'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timed? ?out|no answer/i, 'noAnswer'],
  [/^HTTP 40[13]/, 'token'],
  [/^HTTP \d/, 'status'],
  [/ is no /, 'form'],
];

export const readFaultText = (detail: Text): { readonly what: Text; readonly todo: Text } =>
  READ_FAULT[FORMS.find(([form]) => form.test(detail.en))?.[1] ?? 'other'];
