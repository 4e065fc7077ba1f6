// A disk with a volatile cache, as an NBD server: writes live in memory until the guest flushes. At a cut a random part of the sectors that were not flushed
// is on the platter, the rest is not. Beside it a control: what a disk would have left that, from a moment on, says it has flushed and has not.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * What a cut leaves whole or not at all: 4 KB, as cards and disks of today write. In sectors of 512 bytes the superblock of ext4 could be torn in two, whose
 * checksum nothing but a copy of it puts right: 2 of 100 images did not mount.
 */
const SECTOR = 4096;
/** Most of a disk is empty, and a hundred images of it are kept: what was never written stays a hole. */
const CHUNK = 1 << 16;
const OPTION = { exportName: 1, abort: 2, go: 7 };
const COMMAND = { read: 0, write: 1, disconnect: 2, flush: 3 };
const FUA = 1;
/** has flags, flush, FUA */
const FLAGS = 0b1101;

export class VolatileDisk {
  /** What is on the platter. */
  #durable;
  /** Sector number → its newest bytes, not flushed. */
  #cached = new Map();
  /** Numbers of the chunks in which anything was ever written. */
  #used = new Set();
  /** The control: the platter at that moment, and every sector written since. */
  #liar;
  #server;
  #sockets = new Set();
  /** Called after each write. */
  onWrite = () => {};
  counts = { writes: 0, flushes: 0 };

  constructor(bytes) {
    this.#durable = bytes;
    const empty = Buffer.alloc(CHUNK);
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const chunk = bytes.subarray(at, at + CHUNK);
      if (!chunk.equals(empty.subarray(0, chunk.length))) this.#used.add(at / CHUNK);
    }
  }

  get unflushed() {
    return this.#cached.size;
  }

  /** Writes what a cut at this moment would leave. */
  putAside(file) {
    this.#write(file, this.#durable, this.#cached);
  }

  lieFromNow() {
    this.#liar = { platter: Buffer.from(this.#durable), dropped: new Map(this.#cached) };
  }

  putLiarAside(file) {
    this.#write(file, this.#liar.platter, this.#liar.dropped);
  }

  #write(file, platter, sectors) {
    const handle = openSync(file, 'w');
    ftruncateSync(handle, platter.length);
    const empty = Buffer.alloc(CHUNK);
    for (const chunk of this.#used) {
      const bytes = platter.subarray(chunk * CHUNK, (chunk + 1) * CHUNK);
      if (!bytes.equals(empty.subarray(0, bytes.length))) writeSync(handle, bytes, 0, bytes.length, chunk * CHUNK);
    }
    for (const [sector, bytes] of someOf(sectors)) writeSync(handle, bytes, 0, SECTOR, sector * SECTOR);
    closeSync(handle);
  }

  /** The power goes; the same disk is there again with what it kept. */
  cut() {
    for (const [sector, bytes] of someOf(this.#cached)) bytes.copy(this.#durable, sector * SECTOR);
    this.#cached.clear();
    for (const socket of this.#sockets) socket.destroy();
  }

  listen(path) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      this.#serve(socket).catch(() => socket.destroy());
    });
    return new Promise((resolve) => this.#server.listen(path, resolve));
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server?.close();
  }

  async #serve(socket) {
    const take = reader(socket);
    socket.write(Buffer.concat([Buffer.from('NBDMAGICIHAVEOPT'), u16(3)]));
    await take(4);
    for (;;) {
      const head = await take(16);
      const option = head.readUInt32BE(8);
      await take(head.readUInt32BE(12));
      const reply = (type, data = Buffer.alloc(0)) =>
        socket.write(
          Buffer.concat([Buffer.from('0003e889045565a9', 'hex'), u32(option), u32(type), u32(data.length), data]),
        );
      if (option === OPTION.exportName) {
        socket.write(Buffer.concat([u64(this.#durable.length), u16(FLAGS), Buffer.alloc(124)]));
        break;
      }
      if (option === OPTION.go) {
        // NBD_INFO_BLOCK_SIZE (least, best, most), NBD_INFO_EXPORT, then the end of the answer.
        reply(3, Buffer.concat([u16(3), u32(SECTOR), u32(SECTOR), u32(32 << 20)]));
        reply(3, Buffer.concat([u16(0), u64(this.#durable.length), u16(FLAGS)]));
        reply(1);
        break;
      }
      if (option === OPTION.abort) return;
      reply(0x80000001);
    }
    for (;;) await this.#command(socket, take);
  }

  async #command(socket, take) {
    const head = await take(28);
    const [flags, type] = [head.readUInt16BE(4), head.readUInt16BE(6)];
    const [offset, length] = [Number(head.readBigUInt64BE(16)), head.readUInt32BE(24)];
    const answer = (error, data = Buffer.alloc(0)) =>
      socket.write(Buffer.concat([u32(0x67446698), u32(error), head.subarray(8, 16), data]));
    // A part of a sector: the machine was told their size.
    if (offset % SECTOR !== 0 || length % SECTOR !== 0) {
      if (type === COMMAND.write) await take(length);
      answer(22);
    } else if (type === COMMAND.read) answer(0, this.#read(offset, length));
    else if (type === COMMAND.write) {
      this.#keep(offset, await take(length), (flags & FUA) !== 0);
      answer(0);
      this.onWrite();
    } else if (type === COMMAND.flush) {
      this.#flush();
      answer(0);
    } else if (type === COMMAND.disconnect) socket.destroy();
    else answer(22);
  }

  #read(offset, length) {
    const data = Buffer.from(this.#durable.subarray(offset, offset + length));
    for (let at = 0; at < length; at += SECTOR) this.#cached.get((offset + at) / SECTOR)?.copy(data, at);
    return data;
  }

  #keep(offset, data, isForced) {
    this.counts.writes += 1;
    for (let at = offset - (offset % CHUNK); at < offset + data.length; at += CHUNK) this.#used.add(at / CHUNK);
    for (let at = 0; at < data.length; at += SECTOR) {
      const sector = (offset + at) / SECTOR;
      const bytes = data.subarray(at, at + SECTOR);
      this.#liar?.dropped.set(sector, Buffer.from(bytes));
      if (isForced) {
        bytes.copy(this.#durable, offset + at);
        this.#cached.delete(sector);
      } else this.#cached.set(sector, Buffer.from(bytes));
    }
  }

  #flush() {
    this.counts.flushes += 1;
    for (const [sector, bytes] of this.#cached) bytes.copy(this.#durable, sector * SECTOR);
    this.#cached.clear();
  }
}

/** A random part of the sectors. */
function someOf(sectors) {
  const share = Math.random();
  return [...sectors].filter(() => Math.random() < share);
}

/** Returns exactly so many bytes, as soon as they are there. */
function reader(socket) {
  let parts = [];
  let size = 0;
  let wake = () => {};
  let ended = false;
  socket.on('data', (part) => {
    parts.push(part);
    size += part.length;
    wake();
  });
  for (const end of ['close', 'error'])
    socket.on(end, () => {
      ended = true;
      wake();
    });
  return async (count) => {
    while (size < count) {
      if (ended) throw new Error('the other side has gone');
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
    const all = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    parts = [all.subarray(count)];
    size -= count;
    return all.subarray(0, count);
  };
}

function u16(value) {
  return Buffer.from([value >> 8, value & 255]);
}

function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function u64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
