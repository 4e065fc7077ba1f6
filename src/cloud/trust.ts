/** Whose certificates are believed, the platform's and a proxy's alike. */
import { rootCertificates } from 'node:tls';

/** For the options of TLS. `ca`: PEM certificates that are believed besides the well-known ones. */
export function believed(ca: string | undefined): { readonly ca?: string[] } {
  return ca === undefined ? {} : { ca: [...rootCertificates, ca] };
}
