/** The inputs of a device that was found, as they are now: its own driver is run until it has told each once. It only reads. */
import type { BindingInterface } from '@serialport/bindings-interface';
import type { Clock, DriverKind, DriverNotice } from '../driver.ts';
import { createBus } from '../line/bus.ts';
import { openPort, type PortSettings } from '../line/port.ts';

export interface Levels {
  /** In the order of the device's points. */
  readonly levels: Readonly<Record<string, boolean>>;
  readonly notices: readonly DriverNotice[];
}

/** A board that has told less after this has only counters, or is no such board. */
const TOLD_MS = 3_000;

/** Throws LinkError or ProtocolError. */
export async function readLevels(
  device: { readonly kind: DriverKind; readonly profile: unknown; readonly unit: number },
  settings: PortSettings,
  parts: { readonly clock: Clock; readonly signal: AbortSignal; readonly binding?: BindingInterface },
): Promise<Levels> {
  const { clock, signal } = parts;
  const { kind, profile, unit } = device;
  const told = new Map<string, boolean>();
  const notices: DriverNotice[] = [];
  const over = new AbortController();
  const port = await openPort(settings, parts);
  const bus = createBus(port, { clock });
  try {
    const own = { ...(kind.schema.parse({ unit }) as object), profile };
    const driver = kind.create(own, { bus, clock, notice: (notice) => void notices.push(notice) });
    void clock.sleep(TOLD_MS, over.signal).then(() => over.abort());
    await driver.run(
      (reading) => {
        if (reading.kind === 'level') told.set(reading.point, reading.value);
        if (driver.points.every((point) => told.has(point))) over.abort();
      },
      AbortSignal.any([signal, over.signal]),
    );
    const known = driver.points.flatMap((point) => {
      const value = told.get(point);
      return value === undefined ? [] : [[point, value] as const];
    });
    return { levels: Object.fromEntries(known), notices };
  } finally {
    over.abort();
    await bus.close();
  }
}
