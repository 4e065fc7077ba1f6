/** Current inputs of a found device: runs its driver until each point has been reported once. It only reads. */
import { type DriverKind, type DriverNotice, LinkError, type Reading } from '../driver.ts';
import { createBus } from '../line/bus.ts';
import { openPort } from '../line/port.ts';
import type { PortOptions, PortSettings } from '../line/port-contract.ts';

export interface Levels {
  /** In the order of the device's points. */
  readonly levels: Readonly<Record<string, boolean>>;
  readonly notices: readonly DriverNotice[];
}

/** A board that has reported fewer points by then has only counters, or is another board. */
const TIMEOUT_MS = 5_000;

/** Throws LinkError or ProtocolError. */
export async function readLevels(
  { kind, profile, unit }: { readonly kind: DriverKind; readonly profile: unknown; readonly unit: number },
  settings: PortSettings,
  parts: PortOptions & { readonly signal: AbortSignal },
): Promise<Levels> {
  const { clock, signal } = parts;
  const levels = new Map<string, boolean>();
  const notices: DriverNotice[] = [];
  const over = new AbortController();
  const bus = createBus(await openPort(settings, parts), { clock });
  try {
    const notice = (each: DriverNotice): void => void notices.push(each);
    const driver = kind.create({ ...(kind.schema.parse({ unit }) as object), profile }, { bus, clock, notice });
    void clock.sleep(TIMEOUT_MS, over.signal).then(() => over.abort());
    const emit = (reading: Reading): void => {
      if (reading.kind === 'level') levels.set(reading.point, reading.value);
      if (driver.points.every((point) => levels.has(point))) over.abort();
    };
    const ends = AbortSignal.any([signal, over.signal]);
    let silence: LinkError | undefined;
    while (!ends.aborted)
      await driver.run(emit, ends).catch((error: unknown) => {
        // An answer can be lost; the board has just been found.
        if (!(error instanceof LinkError) || error.code !== 'timeout') throw error;
        silence = error;
      });
    if (levels.size === 0 && silence !== undefined) throw silence;
    const known = driver.points.filter((point) => levels.has(point));
    return { levels: Object.fromEntries(known.map((point) => [point, levels.get(point) === true])), notices };
  } finally {
    over.abort();
    await bus.close();
  }
}
