/** The word of the box for a message: whoever has the password of its broker cannot give it. */
import { sha256 } from '../store/chain/chain.ts';
import type { BoxKey } from './box-key.ts';

/** `payload`: a JSON object. The signature is its last name, over the SHA-256 of what the text is without it. */
export function signedMessage(key: BoxKey, payload: string): string {
  const signature = key.sign(`lanewarden message 1\n${sha256(payload)}`);
  return `${payload.slice(0, -1)},"signature":"${signature}"}`;
}
