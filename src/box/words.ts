/** What kept a configuration from coming up, in words; and a fault as the page shows it. It decides nothing. */
import { ConfigError, type ConfigFault } from '../config/errors.ts';
import type { ApplyResult } from '../page/api/api-setup.ts';
import { hostText } from '../text/page/host.ts';
import type { Text } from '../text/text.ts';
import { thrownText } from '../text/thrown.ts';
import type { ConfigFiles } from './config-files.ts';

/** A fault as the page shows it. */
export function shownFault(files: Pick<ConfigFiles, 'file'>) {
  return ({ file, ...fault }: ConfigFault): ApplyResult['faults'][number] => ({
    ...fault,
    file: file === files.file ? 'config' : 'secrets',
  });
}

export function messageOf(error: unknown): string {
  return error instanceof ConfigError ? error.text.en : thrownText(error);
}

export function wordsOf(error: unknown): Text {
  const text = (error as { readonly text?: Text } | undefined)?.text;
  return text ?? hostText.cameNotUp(messageOf(error));
}
