/** Why an update was not taken: a closed set of codes with their words. */

import { updateText } from '../text/commands/update.ts';
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
  | 'reverted' // the new version did not prove itself and the former one is back
  | 'waiting' // installed, but nothing has proven it yet
  | 'lost'; // asked for by page, and nobody says what became of it

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
