/** Whose certificates are believed, the platform's and a proxy's alike. */
import { rootCertificates } from 'node:tls';

/**
 * For the options of TLS. `ca`: PEM certificates that are believed besides the well-known ones. That certificates are checked at all is said here,
 * because without a word NODE_TLS_REJECT_UNAUTHORIZED in the environment decides it.
 */
export function believed(ca: string | undefined): { readonly ca?: string[]; readonly rejectUnauthorized: boolean } {
  return { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) };
}
