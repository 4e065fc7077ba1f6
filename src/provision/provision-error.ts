/** Reasons for refusing a provisioning file: a closed set of codes with their texts. */

import { provisionFault } from '../text/fleet/provision.ts';
import { beijingTime, type Text } from '../text/text.ts';
import type { ProvisionCode } from './provision-code.ts';

export class ProvisionError extends Error {
  override readonly name = 'ProvisionError';
  readonly code: ProvisionCode;
  readonly text: Text;
  /** What the code leaves open. */
  readonly detail: Text;
  constructor(code: ProvisionCode, detail: Text | string = '') {
    const both = typeof detail === 'string' ? { zh: detail, en: detail } : detail;
    super(`${code}${both.en === '' ? '' : `: ${both.en}`}`);
    this.code = code;
    this.detail = both;
    this.text = provisionFault(code, both);
  }
}

export const olderThan = (applied: { readonly madeWallMs: number }, madeWallMs: number): ProvisionError =>
  new ProvisionError('older', `${beijingTime(madeWallMs)} < ${beijingTime(applied.madeWallMs)}`);
