/**
 * A contiguous buffer for received bytes that do not form a whole yet. It grows by doubling, so that small chunks are not copied
 * repeatedly. The caller enforces the limit.
 */
export function createReceiveBuffer() {
  let room = Buffer.alloc(16_384);
  let from = 0;
  let to = 0;
  return {
    view: (): Buffer => room.subarray(from, to),
    add(bytes: Uint8Array): void {
      if (to + bytes.length > room.length) {
        const held = to - from;
        const wanted = held + bytes.length;
        // Shrinks again after a large picture.
        const size = Math.max(16_384, wanted <= room.length && wanted * 4 > room.length ? room.length : wanted * 2);
        const next = Buffer.alloc(size);
        room.copy(next, 0, from, to);
        room = next;
        from = 0;
        to = held;
      }
      room.set(bytes, to);
      to += bytes.length;
    },
    drop(count: number): void {
      from += count;
      if (from >= to) from = to = 0;
    },
  };
}
