/** Types of `unix-dgram` as far as used; the package brings none. */
declare module 'unix-dgram' {
  export interface DatagramSocket {
    on(event: 'error', listener: (error: Error) => void): this;
    /** `done` is called before this returns; its `code` is a negative errno, or 1 when the receiver's queue is full. */
    send(
      bytes: Uint8Array,
      offset: number,
      length: number,
      path: string,
      done: (error?: { readonly code?: unknown }) => void,
    ): void;
    close(): void;
  }
  export function createSocket(type: 'unix_dgram'): DatagramSocket;
}
