/** Reads the certificates that `cloud.ca` names, so that whoever uses them needs no file. Knows the file and nothing of who is believed. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cloudFaultText } from '../text/cloud.ts';
import type { Complaint } from './values.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The text of the file, or what is wrong with it. TLS itself would pass over what is no certificate, and then believe nobody new. */
export function readAuthority(file: string): string | Complaint {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return cloudFaultText.caUnreadable(file, (error as NodeJS.ErrnoException).code ?? '');
  }
  const blocks = text.match(BLOCK) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate) ? text : cloudFaultText.caNotPem(file);
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).subject !== undefined;
  } catch {
    return false;
  }
}
