/**
 * Which ttys this program has open, and what for: an alarm output never has one that is read. Compared by what is really opened, the device
 * number of the tty, because one adapter has many names. It knows no configuration and no frame.
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
  /** A wire that is read comes first: an output that has it open loses it before `open` is called. */
  openToRead(path: string, open: () => Promise<Port>): Promise<Port>;
  /**
   * Throws LinkError `sharedWire` when the tty is read, by whatever name, now or as configured in `lines`: before it is opened, and once
   * more with what was opened. Until then not a byte is sent.
   */
  openForOutput(path: string, lines: readonly ReadLine[], open: () => Promise<Port>): Promise<Port>;
}

interface Claim {
  device: string | undefined;
  /** undefined: it is being opened. */
  port?: Port;
}

/** `identify`: the tty behind a path; another one where ports are simulated. */
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
    // Nothing may wait from here to the moment when the claim has its port: a reader that comes then finds it.
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

/** The device number of the tty at a path, with all links followed; undefined: there is none. */
async function deviceAt(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isCharacterDevice() ? deviceName(found) : undefined;
}

export const deviceName = ({ rdev }: { readonly rdev: number }): string => `tty ${rdev}`;
