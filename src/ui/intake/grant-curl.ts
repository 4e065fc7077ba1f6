/** A command that pushes a grant. */
import type { IntakeAddresses } from '../../page/api/api-intake.ts';

export interface GrantCurl {
  readonly url: string;
  /** By which this page was opened: the box may listen on all addresses. */
  readonly host: string;
  readonly certificate: IntakeAddresses['certificate'];
  readonly token: string;
  readonly grant: object;
}

/**
 * In parts, to be joined by spaces. `-k` asks no authority of the box's own certificate; the pin makes curl refuse every other key.
 */
export function grantCurl({ url, host, certificate, token, grant }: GrantCurl): readonly string[] {
  const { protocol, port } = new URL(url);
  const trust = protocol === 'https:' && certificate ? ` -k --pinnedpubkey 'sha256//${certificate.pin}'` : '';
  return [
    `curl${trust} ${protocol}//${host}:${port}/api/v1/grants`,
    `-H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json'`,
    `-d '${JSON.stringify(grant)}'`,
  ];
}
