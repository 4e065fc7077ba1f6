/** Reads the CA certificates named by `cloud.ca`, so that their users need no file. Knows the file, not its use. */
import { X509Certificate } from 'node:crypto';
import { readSmallFileSync } from '../small-file.ts';
import { cloudFaultText } from '../text/cloud.ts';
import type { Complaint } from './schema/values.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The file's text, or its fault. TLS itself would silently skip anything that is no certificate. */
export function readCaCertificates(file: string): string | Complaint {
  let text: string;
  try {
    text = readSmallFileSync(file);
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
