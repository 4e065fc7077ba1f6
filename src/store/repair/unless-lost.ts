/** Tells what the disk has lost for good from a disk that is away or has no room: the one is done without, the other is waited for. */

const LOST = ['ENOENT', 'EIO', 'EBADMSG', 'EUCLEAN'];

/** A block that cannot be read is as lost as a file that is not there: undefined. Throws everything else. */
export function unlessLost<Found>(read: () => Found): Found | undefined {
  try {
    return read();
  } catch (error) {
    if (LOST.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
