/**
 * The serial ports of this machine and the name to configure each by. It opens none and starts no other program: udevadm, which
 * serialport's own list needs, is missing in small systems.
 */
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

export interface ListedPort {
  /** The name for the configuration: by-id, else by-path, else the device file. */
  readonly port: string;
  /** `/dev/ttyUSB0`: may be another port after the next start. */
  readonly device: string;
  /** Whether `port` survives a restart and the plugging of another adapter. */
  readonly stable: boolean;
  readonly usb?: UsbAdapter;
  /** Milliseconds an FTDI adapter buffers bytes before delivery; above 1 it slows every answer. */
  readonly latencyMs?: number;
}

export interface UsbAdapter {
  readonly vendorId: string;
  readonly productId: string;
  readonly maker?: string;
  readonly product?: string;
  readonly serial?: string;
}

/** Kernel names of ports that a cabinet may have: no consoles, no pseudo terminals. */
const PORT = /^tty(USB|ACM|AMA|S|O|mxc|SAC|THS|XRUSB|HS|SC|sWK)\d+$/;
/** An 8250 port that the kernel reserves without a chip behind it. */
const NO_CHIP = '0';
/** Directories between a tty and the USB device that has its names. */
const USB_LEVELS = 6;

/** Sorted by name. `root` is `/`, or a copy of its `/sys` and `/dev` in a test. */
export async function listPorts(root = '/'): Promise<readonly ListedPort[]> {
  const ttys = join(root, 'sys/class/tty');
  const names = (await entries(ttys)).filter((name) => PORT.test(name));
  const byId = await links(root, 'dev/serial/by-id');
  const byPath = await links(root, 'dev/serial/by-path');
  const ports = await Promise.all(
    names.map(async (name): Promise<ListedPort | undefined> => {
      const folder = join(ttys, name);
      if ((await text(join(folder, 'type'))) === NO_CHIP) return undefined;
      const parent = await realpath(join(folder, 'device')).catch(() => undefined);
      if (parent === undefined) return undefined;
      const usb = await usbAdapter(parent);
      const latency = Number(await text(join(parent, 'latency_timer')));
      const id = byId.get(name);
      const steady = id ?? byPath.get(name);
      return {
        port: steady ?? `/dev/${name}`,
        device: `/dev/${name}`,
        // A port on the board itself keeps its name; a USB adapter does not.
        stable: steady !== undefined || usb === undefined,
        ...(usb && { usb }),
        ...(latency > 0 && { latencyMs: latency }),
      };
    }),
  );
  // Made here: it takes some milliseconds of a start, and few starts list ports.
  const { compare } = new Intl.Collator('en', { numeric: true });
  return ports.filter((port) => port !== undefined).sort((a, b) => compare(a.device, b.device));
}

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
const text = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').then(
    (content) => content.trim(),
    () => undefined,
  );

/** Kernel name → the link that names it. Of two adapters with one name (no serial number) udev keeps a single link, so by-path follows. */
async function links(root: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await entries(join(root, folder))).sort()) {
    const target = await readlink(join(root, folder, name)).catch(() => undefined);
    if (target !== undefined) found.set(basename(target), `/${folder}/${name}`);
  }
  return found;
}

async function usbAdapter(start: string): Promise<UsbAdapter | undefined> {
  let folder = start;
  for (let level = 0; level < USB_LEVELS; level += 1) {
    const vendorId = await text(join(folder, 'idVendor'));
    const productId = await text(join(folder, 'idProduct'));
    if (vendorId !== undefined && productId !== undefined) {
      const [maker, product, serial] = await Promise.all(
        ['manufacturer', 'product', 'serial'].map((file) => text(join(folder, file))),
      );
      return {
        vendorId,
        productId,
        ...(maker !== undefined && { maker }),
        ...(product !== undefined && { product }),
        ...(serial !== undefined && { serial }),
      };
    }
    folder = resolve(folder, '..');
  }
  return undefined;
}
