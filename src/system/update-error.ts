/** Reasons for refusing an update: a closed set of codes with their texts. */

import { updateText } from '../text/commands/update.made.ts';
import type { Text } from '../text/text.ts';

export type UpdateCode =
  | 'noKey' // the box has no key: it takes no updates this way
  | 'badKeys' // a file of keys cannot be read
  | 'signature' // wrong, or missing
  | 'revoked' // right, but of a key that is revoked
  | 'notPackage' // no package of lanewarden for this architecture
  | 'tooLarge'
  | 'downgrade' // older than what is installed
  | 'notRoot'
  | 'notInstalled' // dpkg refused
  | 'reverted' // the new version failed its trial and the former one is back
  | 'waiting' // installed, but nothing has proven it yet
  | 'lost'; // requested by page, and its result is missing

export class UpdateError extends Error {
  override readonly name = 'UpdateError';
  readonly code: UpdateCode;
  readonly text: Text;
  constructor(code: UpdateCode, detail = '') {
    super(detail || code);
    this.code = code;
    this.text = updateText.failed(code, detail);
  }
}
