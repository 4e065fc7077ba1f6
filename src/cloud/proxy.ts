/** The address of a proxy as the environment has it: written by hand for curl and others, so it may be without a scheme, or be anything. */

/** undefined: of no use, which is said at the first try. A box that watches its lanes does not end for it. */
export function proxyUrl(address: string): URL | undefined {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(address.trim()) ? address : `http://${address.trim()}`;
  try {
    const url = new URL(whole);
    // Undici does the same, and throws there.
    decodeURIComponent(`${url.username}${url.password}`);
    return ['http:', 'https:'].includes(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** As it may be shown: without user and password. */
export function shownProxy(address: string): string {
  return address.replace(/^([a-z\d+.-]*:\/\/)?.*@/i, '$1***@');
}
