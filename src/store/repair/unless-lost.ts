/** Separates what the disk has lost for good from a disk that is away or full: the one is done without, the other is awaited. */

const LOST = ['ENOENT', 'EIO', 'EBADMSG', 'EUCLEAN'];

/** An unreadable block is as lost as a missing file: undefined. Throws everything else. */
export function unlessLost<Found>(read: () => Found): Found | undefined {
  try {
    return read();
  } catch (error) {
    if (LOST.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
