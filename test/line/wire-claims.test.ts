/** Real ttys under many names: an alarm output never opens one that is read, and leaves one that begins to be read. */
import { mkdtempSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { LinkError } from '../../src/driver.ts';
import { openPort } from '../../src/line/port.ts';
import type { Port } from '../../src/line/port-contract.ts';
import { createWireClaims, type ReadLine, type WireClaims } from '../../src/line/wire-claims.ts';
import { type PtyPair, ptyPair } from './pty.ts';
import { missing } from './tools.ts';

const clock = systemClock();
const LINE = { baudRate: 38_400, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fine',
    (error: unknown) => (error instanceof LinkError ? error.code : String(error)),
  );

describe.skipIf(missing('socat'))('a tty', () => {
  let own: PtyPair;
  let readWire: PtyPair;
  let folder: string;
  let claims: WireClaims;
  let opened: Port[];
  let openings: string[];

  beforeEach(async () => {
    [own, readWire] = [await ptyPair(), await ptyPair()];
    folder = mkdtempSync(join(tmpdir(), 'lanewarden-names-'));
    claims = createWireClaims();
    opened = [];
    openings = [];
  });
  afterEach(async () => {
    for (const port of opened) await port.close();
    await Promise.all([own.end(), readWire.end()]);
    rmSync(folder, { recursive: true });
  });

  const open =
    (path: string, listenOnly = false) =>
    async (): Promise<Port> => {
      openings.push(path);
      const port = await openPort({ ...LINE, port: path, listenOnly }, { clock });
      port.listen({ bytes: () => {}, closed: () => {} });
      opened.push(port);
      return port;
    };
  const toRead = (path: string, listenOnly = false) => claims.openToRead(path, open(path, listenOnly));
  const forOutput = (path: string, lines: readonly ReadLine[] = []) => claims.openForOutput(path, lines, open(path));
  /** Another name for the same tty; of socat's own link, and of the device file. */
  const named = (name: string, path: string): string => {
    symlinkSync(path, join(folder, name));
    return join(folder, name);
  };

  it('of its own is opened, also beside one that is read', async () => {
    await toRead(readWire.near);
    const port = await forOutput(own.near, [{ lineId: 'rs485', path: readWire.near }]);
    expect(port.isOpen).toBe(true);
    expect(port.device).toMatch(/^tty \d+$/);
  });

  it.each([
    ['the same name', (path: string) => path],
    ['a link to it', (path: string) => named('link', path)],
    ['a link to a link', (path: string) => named('second', named('first', path))],
    ['the device file behind its name', (path: string) => readlinkSync(path)],
    ['a name with detours', (path: string) => path.replace(/\/([^/]+)$/, '/../$1').replace('/..', '/./')],
  ])('that is open to be read is not even opened for an output, by %s', async (_, other) => {
    for (const listenOnly of [false, true]) {
      const reader = await toRead(readWire.near, listenOnly);
      openings = [];
      expect(await codeOf(forOutput(other(readWire.near)))).toBe('sharedWire');
      expect(openings).toEqual([]);
      await reader.close();
      rmSync(folder, { recursive: true });
      folder = mkdtempSync(join(tmpdir(), 'lanewarden-names-'));
    }
  });

  it('that is configured to be read and not open yet is not opened for an output either', async () => {
    const lines = [{ lineId: 'rs485', path: named('by-id', readlinkSync(own.near)) }];
    expect(await codeOf(forOutput(own.near, lines))).toBe('sharedWire');
    expect(openings).toEqual([]);
  });

  it('whose name leads elsewhere by the time it is opened is compared by what was opened', async () => {
    await toRead(readWire.near);
    const link = named('moves', own.near);
    const moved = async (): Promise<Port> => {
      rmSync(link);
      // The device that is read, which its reader has let go of for a moment.
      symlinkSync(second.near, link);
      return open(link)();
    };
    const second = await ptyPair();
    try {
      const lines = [{ lineId: 'other', path: second.near }];
      expect(await codeOf(claims.openForOutput(link, lines, moved))).toBe('sharedWire');
      expect(opened.at(-1)?.isOpen).toBe(false);
    } finally {
      await second.end();
    }
  });

  it('that an output has is taken from it when it is to be read, by any name, and is not given back', async () => {
    const output = await forOutput(own.near);
    const reader = await toRead(named('late', readlinkSync(own.near)));
    expect(reader.isOpen).toBe(true);
    expect(output.isOpen).toBe(false);
    await expect(output.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'closed' });
    expect(await codeOf(forOutput(own.near))).toBe('sharedWire');
    await reader.close();
    expect(await codeOf(forOutput(own.near))).toBe('fine');
  });

  it('that both open at once ends with its reader', async () => {
    const [output] = await Promise.allSettled([forOutput(own.near), toRead(named('twin', own.near)).catch(() => {})]);
    if (output.status === 'fulfilled') {
      await toRead(join(folder, 'twin'));
      expect(output.value.isOpen).toBe(false);
    }
    expect(await codeOf(forOutput(own.near))).toMatch(/sharedWire/);
  });
});
