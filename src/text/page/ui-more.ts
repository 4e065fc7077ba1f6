/** Texts of the smaller pages: log, backup, users, interface, about. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-more.made.ts';

export {
  aboutText,
  apiPageText,
  backupPageText,
  labelPageText,
  logLevel,
  logPageText,
  scopeText,
  tokensText,
  usersText,
} from './ui-more.made.ts';

export const provisionPageText = {
  ...table.provisionPageText,
  signedBy: (key: string, note: string): Text => ({
    zh: `签名公钥 ${key}${note === '' ? '' : `，${note}`}`,
    en: `Signed by ${key}${note === '' ? '' : `, ${note}`}`,
  }),
} satisfies Texts;
