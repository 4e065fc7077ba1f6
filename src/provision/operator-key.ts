/**
 * Whom this box takes provisioning files from: the operator's public key, in hex, in a file beside the configuration (an administrator puts it there) or
 * in the state folder (pinned at the first use). The one beside the configuration counts alone.
 */
import { dirname, join } from 'node:path';
import { makeFolderDurably, readText, writeDurably } from '../small-file.ts';
import { ProvisionError } from './provision-error.ts';
import { shortKey } from './provision-file.ts';

export const OPERATOR_KEY_FILE = 'operator.pub';

/** Digits of the short form. */
const SHORT_LENGTH = 16;
/** Characters: a key with its dashes. */
const GIVEN_SHOWN = 80;

export interface OperatorPlaces {
  readonly configFile: string;
  /** Of provisioning, in the state folder. */
  readonly folder: string;
}

/** undefined: none yet. */
export async function operatorKey({ configFile, folder }: OperatorPlaces): Promise<string | undefined> {
  for (const place of [dirname(configFile), folder]) {
    const text = (await readText(join(place, OPERATOR_KEY_FILE)))?.trim();
    if (text !== undefined && /^[0-9a-f]{64}$/.test(text)) return text;
  }
  return undefined;
}

/**
 * Throws ProvisionError: `noOperator`, `otherTrust`, `otherOperator`. `trust`: what a person compared, the short form or the whole key; it pins the key where there
 * is none, and never replaces one.
 */
export async function requireOperator(places: OperatorPlaces, key: string, trust?: string): Promise<void> {
  const known = await operatorKey(places);
  if (known === key) return;
  if (known !== undefined) throw new ProvisionError('otherOperator', `${shortKey(key)} ≠ ${shortKey(known)}`);
  if (trust === undefined) throw new ProvisionError('noOperator', shortKey(key));
  const said = trust.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  if (said.length < SHORT_LENGTH || !key.startsWith(said))
    throw new ProvisionError('otherTrust', `${shortKey(key)} ≠ ${trust.slice(0, GIVEN_SHOWN)}`);
  await makeFolderDurably(places.folder);
  await writeDurably(join(places.folder, OPERATOR_KEY_FILE), `${key}\n`);
}
