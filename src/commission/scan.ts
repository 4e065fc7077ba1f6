/**
 * Searches a bus for devices: at each speed, parity and address, with reads only. It listens first and stops on foreign traffic, and it
 * takes a wire in use only on request. devices.md, rules 4 and 5.
 */
import { realpathSync } from 'node:fs';
import type { BindingInterface } from '@serialport/bindings-interface';
import type { FieldWatch } from '../app/field-monitor.ts';
import type { LineConfig } from '../config/types.ts';
import { type Bus, type Clock, type DeviceSearch, type FoundDevice, LinkError } from '../driver.ts';
import { Problem } from '../http/problem.ts';
import { createBus } from '../line/bus.ts';
import { openPort } from '../line/port.ts';
import { type PortSettings, transportOf } from '../line/port-contract.ts';
import type { ScanResult } from '../page/api/api-setup.ts';
import type { JobHandle } from '../page/jobs.ts';
import { scanText } from '../text/commission.ts';
import { faultText, unprovenText } from '../text/fault.ts';

export interface ScanRequest {
  readonly port: string;
  readonly baudRates: readonly number[];
  readonly parities: readonly ('none' | 'even' | 'odd')[];
  readonly units: readonly [number, number];
  /** Whether the running line may be paused for the scan. */
  readonly release: boolean;
}

export type KnownLine = Pick<LineConfig, 'id' | 'port' | 'listenOnly'> & Partial<Pick<LineConfig, 'devices'>>;

export interface ScanParts {
  readonly clock: Clock;
  /** Of the running app. */
  readonly watch: FieldWatch | undefined;
  /** Of the running app, if any. */
  readonly config: () => { readonly lines: readonly KnownLine[] } | undefined;
  /** The search, and the candidate profiles. */
  readonly search: () => { readonly search: DeviceSearch; readonly profiles: ReadonlyMap<string, unknown> };
  readonly binding?: BindingInterface;
}

type Found = ScanResult['found'][number];
type Garbled = ScanResult['garbled'][number];
type Speed = Pick<PortSettings, 'baudRate' | 'parity'>;

/** Few masters poll less often: 3 s of silence count as none. Before it the answer to our own last question may come late on a line of ours. */
const LISTEN_MS = 3_000;
const LATE_ANSWER_MS = 1_000;
/** More is noise throughout, and a longer list is useless. */
const GARBLED_MAX = 32;
/** From this many addresses on, the time per address is measured here. */
const MEASURED_AFTER = 8;
const UNITS = [1, 247] as const;
const BAUD = [1_200, 256_000] as const;
const PARITIES = ['none', 'even', 'odd'];

/** Throws Problem: invalid with every faulty field, conflict when the wire must not be polled. */
export function scanRequest(input: Readonly<Record<string, unknown>>, parts: ScanParts): ScanRequest {
  const { port, baudRates, parities, units, confirmedAlone, release } = input;
  const whole = (value: unknown, [least, most]: readonly [number, number]): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  const few = (value: unknown): value is readonly unknown[] =>
    Array.isArray(value) && value.length >= 1 && value.length <= 8;
  const [from, to] = few(units) ? units : [];
  const wrong = [
    confirmedAlone === true ? undefined : { field: 'confirmedAlone', message: scanText.confirm },
    typeof port === 'string' && /^(\/dev\/|tcp:\/\/|modbus-tcp:\/\/)[\w.:/+@[\]-]+$/.test(port) && !port.includes('..')
      ? undefined
      : { field: 'port', message: scanText.badPort },
    few(baudRates) && baudRates.every((each) => whole(each, BAUD))
      ? undefined
      : { field: 'baudRates', message: scanText.badRates },
    few(parities) && parities.every((each) => PARITIES.includes(each as string))
      ? undefined
      : { field: 'parities', message: scanText.badParities },
    whole(from, UNITS) && whole(to, UNITS) && from <= to ? undefined : { field: 'units', message: scanText.badUnits },
  ].filter((each) => each !== undefined);
  if (wrong.length > 0) throw new Problem('invalid', { errors: wrong });
  const request = { port, baudRates, parities, units: [from, to], release: release === true } as ScanRequest;
  const line = lineOf(request.port, parts);
  if (line?.listenOnly) throw new Problem('conflict', { detail: scanText.listenOnly(line.id) });
  if (line !== undefined && !request.release) throw new Problem('conflict', { detail: scanText.inUse(line.id) });
  return request;
}

/** Returns the results so far when cancelled. Throws Problem and LinkError. */
export async function scan(request: ScanRequest, parts: ScanParts, job: JobHandle): Promise<ScanResult> {
  const line = lineOf(request.port, parts);
  const lease = line && parts.watch?.lease(line.port);
  const giveBack = await (lease === undefined ? () => {} : lease.borrow());
  if (giveBack === undefined) throw new Problem('busy', { detail: scanText.lent });
  try {
    await listen(request, parts, job);
    return await searchAll(request, parts, job);
  } finally {
    giveBack();
  }
}

/** The running line on this port, by whatever name. */
export function lineOf(port: string, { config }: Pick<ScanParts, 'config'>): KnownLine | undefined {
  return config()?.lines.find((line) => realPort(line.port) === realPort(port));
}

export function realPort(port: string): string {
  if (transportOf(port) !== 'serial') return port;
  try {
    return realpathSync(port);
  } catch {
    return port;
  }
}

/** For the page. A serial server has settings of its own to look at; a serial port is worded as everywhere. */
export function unreached(port: string, error: unknown): unknown {
  if (!(error instanceof LinkError)) return error;
  const detail = transportOf(port) === 'serial' ? faultText(port, error) : scanText.unreached(port, error.code);
  return new Problem('conflict', { detail });
}

export const scanSettings = (port: string, speed: Speed): PortSettings => ({
  port,
  dataBits: 8,
  stopBits: 1,
  ...speed,
});

async function listen(request: ScanRequest, parts: ScanParts, job: JobHandle): Promise<void> {
  const [speed = { baudRate: 9_600, parity: 'none' as const }] = speedsOf(request);
  job.progress(scanText.listening(LISTEN_MS / 1_000), 0);
  if (lineOf(request.port, parts) !== undefined) await parts.clock.sleep(LATE_ANSWER_MS, job.signal);
  const settings = { ...scanSettings(request.port, speed), listenOnly: true };
  const port = await openPort(settings, portOptions(parts, job.signal));
  let heard = 0;
  const over = new AbortController();
  port.listen({
    bytes: ({ length }) => {
      heard += length;
    },
    closed: () => over.abort(),
  });
  await parts.clock.sleep(LISTEN_MS, AbortSignal.any([job.signal, over.signal]));
  await port.close();
  if (heard > 0) throw new Problem('conflict', { detail: scanText.heard(heard) });
}

const portOptions = ({ clock, binding }: ScanParts, signal: AbortSignal) => ({
  clock,
  signal,
  ...(binding && { binding }),
});

async function searchAll(request: ScanRequest, parts: ScanParts, job: JobHandle): Promise<ScanResult> {
  const found: Found[] = [];
  const garbled: Garbled[] = [];
  const result = (): ScanResult => ({ found: [...found], garbled: [...garbled] });
  const speeds = speedsOf(request);
  const names = new Map(lineOf(request.port, parts)?.devices?.map(({ id, config }) => [config.unit, id]));
  const { search, profiles } = parts.search();
  const [first, last] = request.units;
  const count = last - first + 1;
  const total = speeds.length * count;
  const beganMs = parts.clock.nowMs();
  for (const [at, speed] of speeds.entries()) {
    const port = await openPort(scanSettings(request.port, speed), portOptions(parts, job.signal));
    const bus = createBus(port, { clock: parts.clock });
    try {
      for (let unit = first; unit <= last && !job.signal.aborted; unit += 1) {
        const done = at * count + (unit - first);
        const eachMs = done < MEASURED_AFTER ? search.silentMs : (parts.clock.nowMs() - beganMs) / done;
        const now = scanText.asking(formOf(request, speed), unit, last, found.length);
        job.progress(now, done / total, Math.round((total - done) * eachMs));
        const answer = await search.find(bus as Bus, unit, profiles);
        const place = { unit, ...speed };
        if (answer === undefined) continue;
        if (answer !== 'garbled') found.push({ ...place, ...fitting(answer, names.get(unit)) });
        else if (garbled.length < GARBLED_MAX) garbled.push(place);
        job.soFar(result());
      }
    } finally {
      await bus.close();
    }
    if (job.signal.aborted) break;
  }
  return result();
}

function fitting({ functions, profiles, unproven }: FoundDevice, device?: string): Omit<Found, 'unit' | keyof Speed> {
  const told = Object.entries(unproven).map(
    ([name, what]) => [name, what.map((code) => ({ code, text: unprovenText[code] }))] as const,
  );
  return {
    answers: scanText.answers(functions),
    ...(device && { device }),
    profiles,
    ...(told.length > 0 && { unproven: Object.fromEntries(told) }),
  };
}

/** A socket has no speed: one pass. */
export function speedsOf({ port, baudRates, parities }: Omit<ScanRequest, 'units' | 'release'>): readonly Speed[] {
  const all = parities.flatMap((parity) => baudRates.map((baudRate) => ({ baudRate, parity })));
  return transportOf(port) === 'serial' ? all : all.slice(0, 1);
}

/** The usual notation: `9600 8N1`. */
export const formOf = ({ port }: Pick<ScanRequest, 'port'>, { baudRate, parity }: Speed): string =>
  transportOf(port) === 'serial' ? `${baudRate} 8${parity.slice(0, 1).toUpperCase()}1` : port;
