/** Trusted certificates, for the platform and a proxy alike. */
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

let kept: { readonly ca: string; readonly context: SecureContext } | undefined;

/**
 * Options for TLS. `ca`: PEM certificates, trusted in addition to the well-known ones. Verification is switched on explicitly, because by
 * default NODE_TLS_REJECT_UNAUTHORIZED in the environment decides it.
 */
export function tlsTrust(ca: string | undefined): {
  readonly secureContext?: SecureContext;
  readonly rejectUnauthorized: boolean;
} {
  if (ca === undefined) return { rejectUnauthorized: true };
  // Shared by all connections: parsing 140 certificates for each would block the lanes for 20 ms a connection.
  if (kept?.ca !== ca) kept = { ca, context: createSecureContext({ ca: [...rootCertificates, ca] }) };
  return { rejectUnauthorized: true, secureContext: kept.context };
}
