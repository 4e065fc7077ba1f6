/** Trusted certificates, for the platform and a proxy alike. */
import { rootCertificates } from 'node:tls';

/**
 * Options for TLS. `ca`: PEM certificates, trusted in addition to the well-known ones. Verification is switched on explicitly, because by
 * default NODE_TLS_REJECT_UNAUTHORIZED in the environment decides it.
 */
export function tlsTrust(ca: string | undefined): { readonly ca?: string[]; readonly rejectUnauthorized: boolean } {
  return { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) };
}
