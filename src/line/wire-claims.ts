/**
 * The ttys this program has open, and their purpose: an alarm output never shares one that is read. Compared by device number of the open
 * tty, because one adapter has many names. It knows no configuration and no frame.
 */
import { stat } from 'node:fs/promises';
import { LinkError } from '../driver.ts';
import type { Port } from './port-contract.ts';

/** A line that is read. */
export interface ReadLine {
  readonly lineId: string;
  readonly path: string;
}

export interface WireClaims {
  /** A wire that is read has priority: an output that has it open loses it before `open` is called. */
  openToRead(path: string, open: () => Promise<Port>): Promise<Port>;
  /**
   * Throws LinkError `sharedWire` when the tty is read, under any name, now or as configured in `lines`: checked before it is opened, and
   * again on the open device. Not a byte is sent before.
   */
  openForOutput(path: string, lines: readonly ReadLine[], open: () => Promise<Port>): Promise<Port>;
}

interface Claim {
  device: string | undefined;
  /** undefined: being opened. */
  port?: Port;
}

/** `identify`: the tty behind a path; replaced where ports are simulated. */
export function createWireClaims(identify: (path: string) => Promise<string | undefined> = deviceAt): WireClaims {
  const read = new Set<Claim>();
  const outputs = new Set<Claim>();

  const claims = (set: Set<Claim>, device: string | undefined): readonly Claim[] => {
    for (const claim of set) if (claim.port?.isOpen === false) set.delete(claim);
    return device === undefined ? [] : [...set].filter((claim) => claim.device === device);
  };

  async function evict(device: string | undefined): Promise<void> {
    for (const claim of claims(outputs, device)) await claim.port?.close();
  }

  async function mustBeUnread(path: string, device: string | undefined, lines: readonly ReadLine[]): Promise<void> {
    const reader = (await Promise.all(lines.map((line) => identify(line.path)))).indexOf(device);
    const lineId = device === undefined || reader < 0 ? undefined : lines[reader]?.lineId;
    // No await from here until the claim has its port: a reader that comes then finds it.
    if (lineId !== undefined || claims(read, device).length > 0)
      throw new LinkError('sharedWire', `${path}: this tty is read${lineId === undefined ? '' : ` by line ${lineId}`}`);
  }

  return {
    async openToRead(path, open) {
      const claim: Claim = { device: await identify(path) };
      read.add(claim);
      try {
        await evict(claim.device);
        const port = await open();
        claim.device = port.device ?? claim.device;
        await evict(claim.device);
        claim.port = port;
        return port;
      } catch (error) {
        read.delete(claim);
        throw error;
      }
    },
    async openForOutput(path, lines, open) {
      const claim: Claim = { device: await identify(path) };
      outputs.add(claim);
      let port: Port | undefined;
      try {
        await mustBeUnread(path, claim.device, lines);
        port = await open();
        claim.device = port.device ?? claim.device;
        if (claim.device === undefined) throw new LinkError('sharedWire', `${path} is no serial port`);
        await mustBeUnread(path, claim.device, lines);
        claim.port = port;
        return port;
      } catch (error) {
        outputs.delete(claim);
        await port?.close();
        throw error;
      }
    },
  };
}

/** Device number of the tty at a path, all links followed; undefined: none. */
async function deviceAt(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isCharacterDevice() ? deviceName(found) : undefined;
}

export const deviceName = ({ rdev }: { readonly rdev: number }): string => `tty ${rdev}`;
