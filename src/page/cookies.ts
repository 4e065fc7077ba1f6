/** The two cookies of the page: the session, and the device token that identifies a browser at its next login. */

/** Of the device cookie: a year. */
const DEVICE_SECONDS = 365 * 86_400;

/** `__Host-` makes the browser enforce: this host only, HTTPS only, every path. */
export const sessionCookieName = (secure: boolean): string => (secure ? '__Host-lanewarden' : 'lanewarden');
const deviceCookieName = (secure: boolean): string => `${sessionCookieName(secure)}-device`;

export function sessionCookie(token: string, secure: boolean): string {
  return cookie(sessionCookieName(secure), token, secure, token === '' ? 0 : undefined);
}

export function deviceCookie(token: string, secure: boolean): string {
  return cookie(deviceCookieName(secure), token, secure, DEVICE_SECONDS);
}

/** The token of the device cookie in the header `Cookie`. */
export function deviceOf(header: string | undefined, secure: boolean): string | undefined {
  return cookieOf(header, deviceCookieName(secure));
}

/** The value of a cookie in the header `Cookie`; the first of duplicates. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  const found = (header ?? '').split(';').find((part) => part.trim().startsWith(`${name}=`));
  return found?.trim().slice(name.length + 1);
}

function cookie(name: string, value: string, secure: boolean, maxAge: number | undefined): string {
  const end = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}${end}`;
}
