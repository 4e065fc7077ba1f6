/**
 * The one door out: every connection that leaves the box is opened here, for a purpose. What goes over it is its caller's; what listens is
 * `src/http`. trust.md section 1.
 */
import { lookup as lookupAddress } from 'node:dns';
import { isIP, type LookupFunction, type NetConnectOpts, connect as openSocket, Socket } from 'node:net';
import { type ConnectionOptions, connect as startTls, type TLSSocket } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { plainAddress } from './network-class.ts';

/** Of requests whose form is fixed by the program, or judged by the driver of a camera. */
type FixedPurpose =
  | 'platform' // records to 4PYun
  | 'camera' // pictures and events
  | 'board' // a device behind a serial server, or of Modbus TCP
  | 'broker' // MQTT, either way
  | 'database' // SELECT from a management system's
  | 'itself' // its own page and intake: whether they answer
  | 'witness' // heads of the chain, to all boxes in the same network: local-broadcast.ts
  | 'proxy'; // a tunnel through the proxy of the system, for any of these

/** Of requests that the configuration writes. */
type WrittenPurpose =
  | 'destination' // webhooks, chat robots, pings, other platforms
  | 'payments'; // a management system that is polled

/** Decides on the address of the connection itself, behind every name: a changed answer of DNS cannot redirect it. */
export interface PeerRule {
  mayConnect(address: string): boolean;
  /** The error of a peer that it refuses. */
  refusal(host: string): Error;
}

/** What a connection is for, and where it may lead. */
export type Exit =
  | { readonly purpose: FixedPurpose; readonly rule?: PeerRule }
  | { readonly purpose: WrittenPurpose; readonly rule: PeerRule };

/** A socket that is not connected yet, for a caller that connects it by itself. */
export class OutwardSocket extends Socket {
  readonly purpose: FixedPurpose;
  constructor({ purpose }: { readonly purpose: FixedPurpose }) {
    super();
    this.purpose = purpose;
  }
}

export type TcpTarget = Extract<NetConnectOpts, { readonly port: number }> & { readonly host: string };

/** Errors come as the event `error`. */
export function openTcp(exit: Exit, target: TcpTarget): Socket {
  const { rule } = exit;
  const refused = refusedPeer(target.host, rule);
  if (refused !== undefined) return new Socket().destroy(refused);
  return openSocket({ ...target, host: plainAddress(target.host), ...(rule && { lookup: guardedLookup(rule) }) });
}

/** The same with TLS. `socket`: over one that this door opened before. */
export function openTls(_exit: { readonly purpose: FixedPurpose }, options: ConnectionOptions): TLSSocket {
  return startTls(options);
}

export type OutwardConnector = buildConnector.connector;

/** For the HTTP library: each of its connections. */
export function connectorFor({ rule }: Exit, options: buildConnector.BuildOptions): OutwardConnector {
  const connect = buildConnector({
    ...options,
    ...(rule && { lookup: guardedLookup(rule) }),
  } as buildConnector.BuildOptions);
  return (target, callback) => {
    const refused = target.httpSocket === undefined ? refusedPeer(target.hostname, rule) : undefined;
    if (refused !== undefined) callback(refused, null);
    else connect(target, callback);
  };
}

export function createHttpPool(
  exit: Exit,
  options: Omit<Agent.Options, 'connect'>,
  connect: buildConnector.BuildOptions,
): Agent {
  return new Agent({ ...options, connect: connectorFor(exit, connect) });
}

/** The addresses of a name by the system's resolver. Rejects with its error. */
export function addressesOf(name: string, family: 0 | 4 | 6 = 0): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    lookupAddress(name, { all: true, family }, (error, found) =>
      error === null ? resolve(found.map(({ address }) => address)) : reject(error),
    );
  });
}

/** An address as host skips the lookup. */
export function refusedPeer(host: string, rule: PeerRule | undefined): Error | undefined {
  const plain = plainAddress(host);
  return rule === undefined || isIP(plain) === 0 || rule.mayConnect(plain) ? undefined : rule.refusal(host);
}

/** Refuses a name when any of its addresses is refused. */
export function guardedLookup(rule: PeerRule): LookupFunction {
  return (name, options, callback) => {
    lookupAddress(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const [first] = found;
      if (first === undefined || found.some(({ address }) => !rule.mayConnect(address)))
        return callback(rule.refusal(name), '', 0);
      if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}
