/**
 * Which proxy stands between the box and the platform, if one does: that of the configuration, else that of the environment. There it is
 * written by hand for curl and others, so it may be without a scheme, or be anything.
 */

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export interface ProxyEnvironment {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  readonly noProxy?: string;
}

export interface ProxyAddress {
  /** As it was written, with user and password: to be shown through `shownProxy` only. */
  readonly address: string;
  /** undefined: the address is of no use, which is said at the first try. A box that watches its lanes does not end for it. */
  readonly url?: URL;
  /** The value of Proxy-Authorization, when the address has a user or a password. */
  readonly authorization?: string;
}

export interface ProxySettings {
  /** Of the platform. */
  readonly url: string;
  /** Of the configuration. NO_PROXY says nothing about it. */
  readonly proxy?: string;
}

/** undefined: the platform is reached directly. Whoever goes to the platform asks here, so that the diagnosis goes the way of the records. */
export function proxyOf({ url, proxy }: ProxySettings, environment: ProxyEnvironment = {}): ProxyAddress | undefined {
  const { httpsProxy, httpProxy, noProxy = '' } = environment;
  const named = url.startsWith('https:') ? (httpsProxy ?? httpProxy) : (httpProxy ?? httpsProxy);
  const address = proxy ?? (isExempt(new URL(url), noProxy) ? undefined : named);
  if (address === undefined || address === '') return undefined;
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(address.trim()) ? address : `http://${address.trim()}`;
  try {
    const found = new URL(whole);
    if (!['http:', 'https:'].includes(found.protocol)) return { address };
    const login = `${decodeURIComponent(found.username)}:${decodeURIComponent(found.password)}`;
    return {
      address,
      url: found,
      ...(login !== ':' && { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
    };
  } catch {
    return { address };
  }
}

/** As it may be shown: without user and password. */
export function shownProxy(address: string): string {
  return address.replace(/^([a-z\d+.-]*:\/\/)?.*@/i, '$1***@');
}

/**
 * NO_PROXY as curl and undici read it: names and addresses by commas or blanks, each good for what is below it as well, with or without a dot
 * or `*.` before it, perhaps for one port only; `*` is everything.
 */
function isExempt({ protocol, hostname, port }: URL, noProxy: string): boolean {
  const host = bare(hostname);
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => {
      const [, name = entry, onlyPort = ownPort] = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
      const known = bare(name.replace(/^\*?\./, ''));
      if (known === '' || onlyPort !== ownPort) return false;
      return known === '*' || host === known || host.endsWith(`.${known}`);
    });
}

/** An IPv6 address stands in brackets in a URL, and without them in most lists. */
function bare(host: string): string {
  return host.replaceAll(/^\[|\]$/g, '');
}
