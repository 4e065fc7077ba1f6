/** The token in the header `Authorization: Bearer …`; whose it is, the server knows. */

export function bearerToken(authorization: string | undefined): string | undefined {
  const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  return token;
}
