/** How a driver reports a fault: of the link, which is worth a retry, or of the far end's message. It stands on nothing. */

export type LinkCode =
  | 'timeout' // no whole answer in time
  | 'closed' // the port or socket is not open
  | 'gone' // it was open and went away (unplugged, hung up, reset)
  | 'notFound' // no such port, host or path
  | 'denied' // no permission, or wrong user or password
  | 'busy' // another process holds it
  | 'listenOnly' // a request on a wire on which we must not speak
  | 'sharedWire' // an alarm output on a wire that is not its own
  | 'refused' // the device is there and said no
  | 'unconfirmed' // the address has no known form of a picture's, and no person has confirmed it
  | 'notLocal'; // the address is outside the local network, which the configuration does not allow

/** The wire or the device is unreachable. Worth a retry. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: LinkCode;
  readonly receivedBytes: number | undefined; // of a timeout
  constructor(code: LinkCode, message: string, options?: ErrorOptions & { readonly receivedBytes?: number }) {
    super(message, options);
    this.code = code;
    this.receivedBytes = options?.receivedBytes;
  }
}

/** The picture's address may not be requested; nothing was sent. */
export class UnconfirmedError extends LinkError {
  /** Path and query as they would be sent, and their digest. */
  readonly address: { readonly sent: string; readonly sha256: string };
  constructor(host: string, address: UnconfirmedError['address']) {
    // A query may contain a password.
    super('unconfirmed', `${host}${address.sent.replace(/\?.*$/, '?…')}`);
    this.address = address;
  }
}

export type ProtocolCode =
  | 'checksum' // a frame whose checksum is wrong
  | 'frame' // bytes that cannot become a frame
  | 'unexpected' // a good frame that is not an answer to what was asked
  | 'exception' // the device refused the request in its own protocol
  | 'identity'; // the device is not the one its profile describes

/** The far end's message does not fit the protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolCode;
  readonly exception: number | undefined; // the number of an exception
  constructor(code: ProtocolCode, message: string, options?: ErrorOptions & { readonly exception?: number }) {
    super(message, options);
    this.code = code;
    this.exception = options?.exception;
  }
}
