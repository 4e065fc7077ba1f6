/**
 * The proxy between box and platform, if any: that of the configuration, else that of the environment. There it is written by hand for
 * curl and others, so it may lack a scheme, or be anything.
 */

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export interface ProxyEnvironment {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  readonly noProxy?: string;
}

export interface ProxyAddress {
  /** As written, with user and password: to be shown through `shownProxy` only. */
  readonly address: string;
  /** undefined: the address is unusable, which the first attempt reports. A box that observes its lanes does not exit for it. */
  readonly url?: URL;
  /** Value of Proxy-Authorization, when the address has a user or a password. */
  readonly authorization?: string;
}

export interface ProxySettings {
  /** Of the platform. */
  readonly url: string;
  /** Of the configuration. NO_PROXY does not apply to it. */
  readonly proxy?: string;
}

/** undefined: direct. Every client of the platform uses this, so the diagnosis takes the same route as the records. */
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

/** Without user and password, fit to be shown. */
export function shownProxy(address: string): string {
  return address.replace(/^([a-z\d+.-]*:\/\/)?.*@/i, '$1***@');
}

/**
 * NO_PROXY as curl and undici read it: names and addresses separated by commas or blanks, each including its subdomains, with or without
 * a leading dot or `*.`, optionally for one port; `*` is everything.
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

/** An IPv6 address has brackets in a URL, and none in most lists. */
function bare(host: string): string {
  return host.replaceAll(/^\[|\]$/g, '');
}
