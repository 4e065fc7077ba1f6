/** The one error of the store. It knows its codes and nothing of SQLite. */

export type StoreCode =
  | 'unavailable' // the folder or the database cannot be opened or written
  | 'newer' // the database was written by a newer version of the program
  | 'damaged' // a tool came upon damage, which is for the bridge to mend
  | 'inUse' // the bridge is running and has the database open
  | 'full' // more is waiting to be written than the memory limit allows
  | 'unknown' // there is no such record
  | 'stuck' // the store thread has not answered for 20 s
  | 'died' // the store thread ended by itself
  | 'closed'; // called after close

/** Documented in docs/en/errors.md. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreCode;
  constructor(code: StoreCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
