/** Current inputs of a found device: runs its driver until each point has been reported once. It only reads. */
import type { BindingInterface } from '@serialport/bindings-interface';
import type { Clock, DriverKind, DriverNotice } from '../driver.ts';
import { createBus } from '../line/bus.ts';
import { openPort } from '../line/port.ts';
import type { PortSettings } from '../line/port-contract.ts';

export interface Levels {
  /** In the order of the device's points. */
  readonly levels: Readonly<Record<string, boolean>>;
  readonly notices: readonly DriverNotice[];
}

/** A board that has reported fewer points by then has only counters, or is another board. */
const TIMEOUT_MS = 5_000;

/** Throws LinkError or ProtocolError. */
export async function readLevels(
  device: { readonly kind: DriverKind; readonly profile: unknown; readonly unit: number },
  settings: PortSettings,
  parts: { readonly clock: Clock; readonly signal: AbortSignal; readonly binding?: BindingInterface },
): Promise<Levels> {
  const { clock, signal } = parts;
  const { kind, profile, unit } = device;
  const levels = new Map<string, boolean>();
  const notices: DriverNotice[] = [];
  const over = new AbortController();
  const port = await openPort(settings, parts);
  const bus = createBus(port, { clock });
  try {
    const own = { ...(kind.schema.parse({ unit }) as object), profile };
    const driver = kind.create(own, { bus, clock, notice: (notice) => void notices.push(notice) });
    void clock.sleep(TIMEOUT_MS, over.signal).then(() => over.abort());
    await driver.run(
      (reading) => {
        if (reading.kind === 'level') levels.set(reading.point, reading.value);
        if (driver.points.every((point) => levels.has(point))) over.abort();
      },
      AbortSignal.any([signal, over.signal]),
    );
    const known = driver.points.flatMap((point) => {
      const value = levels.get(point);
      return value === undefined ? [] : [[point, value] as const];
    });
    return { levels: Object.fromEntries(known), notices };
  } finally {
    over.abort();
    await bus.close();
  }
}
