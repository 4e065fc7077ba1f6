/**
 * Searches for Modbus boards by unit number and reports the profiles that fit each answer. It only reads. The caller ensures that the
 * wire has no other master (devices.md, rule 5).
 */
import { type DeviceSearch, type FoundDevice, LinkError, ProtocolError, type Unproven } from '../../src/driver.ts';
import { type PlannedRead, planReads, splitRead } from './blocks.ts';
import type { ReadFunction, ReadRequest } from './frame.ts';
import { createMaster, type Master } from './master.ts';
import { isCounting, type ModbusProfile } from './profile.ts';

/** 248 to 255 are reserved; several boards answer 254 and 255 whatever their number is, and 0 is all of them at once. */
const UNITS = [1, 247] as const;
/** Slow boards need 75 ms. */
const TIMEOUT_MS = 120;
/** Every board answers these, if only with an exception; two shapes, because some clones do not answer functions they lack. */
const QUESTIONS: readonly ReadRequest[] = [
  { function: 3, address: 0, quantity: 1 },
  { function: 2, address: 0, quantity: 8 },
];
const TRANSPORT = { serial: 'rtu', tcp: 'rtu-over-tcp', 'modbus-tcp': 'tcp' } as const;
const GARBLED: readonly string[] = ['checksum', 'frame', 'unexpected'];

export const modbusSearch: DeviceSearch<ModbusProfile> = {
  units: UNITS,
  // Each question waits for its answer, then the wire rests for as long.
  silentMs: QUESTIONS.length * 2 * TIMEOUT_MS,
  async find(bus, unit, profiles) {
    const ask = createQuestions(createMaster(bus, { unit, timeoutMs: TIMEOUT_MS }));
    let isGarbled = false;
    let hasAnswered = false;
    for (const question of QUESTIONS) {
      const answer = await ask(question);
      isGarbled ||= answer === 'garbled';
      hasAnswered ||= answer !== 'garbled' && answer !== 'silent';
      if (hasAnswered) break;
    }
    if (!hasAnswered) return isGarbled ? 'garbled' : undefined;
    return describe(ask, unit, profiles, TRANSPORT[bus.transport ?? 'serial']);
  },
};

type Answer = readonly number[] | 'refused' | 'silent' | 'garbled';
type Ask = (read: ReadRequest) => Promise<Answer>;

/** Sends each question once, whatever number of profiles share it. */
function createQuestions(master: Master): Ask {
  const known = new Map<string, Answer>();
  return async (read) => {
    const key = JSON.stringify([read.function, read.address, read.quantity]);
    const answer = known.get(key) ?? (await answerTo(master, read));
    known.set(key, answer);
    return answer;
  };
}

async function answerTo(master: Master, read: ReadRequest): Promise<Answer> {
  try {
    return await master.read(read);
  } catch (error) {
    if (error instanceof ProtocolError) return GARBLED.includes(error.code) ? 'garbled' : 'refused';
    if (error instanceof LinkError && error.code === 'timeout') return error.receivedBytes === 0 ? 'silent' : 'garbled';
    throw error;
  }
}

async function describe(
  ask: Ask,
  unit: number,
  profiles: ReadonlyMap<string, ModbusProfile>,
  transport: ModbusProfile['transport'][number],
): Promise<FoundDevice> {
  const functions: ReadFunction[] = [];
  for (const code of [1, 2, 3, 4] as const)
    if (Array.isArray(await ask({ function: code, address: 0, quantity: code <= 2 ? 8 : 1 }))) functions.push(code);
  const fitting: { readonly name: string; readonly fit: Fit }[] = [];
  for (const [name, profile] of profiles) {
    const fit = await fitOf(ask, unit, profile);
    // Of two equal matches, the profile for this kind of wire wins.
    const isElsewhere = !profile.transport.includes(transport);
    if (fit !== undefined) fitting.push({ name, fit: { ...fit, certainty: fit.certainty - (isElsewhere ? 0.5 : 0) } });
  }
  fitting.sort((a, b) => b.fit.certainty - a.fit.certainty);
  // A board that proves one of them is none of those that it does not prove.
  const isProven = fitting.some(({ fit }) => fit.certainty > 0);
  const kept = fitting.filter(({ fit }) => !isProven || fit.unproven.length === 0);
  return {
    functions,
    profiles: kept.map(({ name }) => name),
    unproven: Object.fromEntries(
      kept.flatMap(({ name, fit }) => (fit.unproven.length === 0 ? [] : [[name, fit.unproven] as const])),
    ),
  };
}

interface Fit {
  /** 2: it identified itself; 1: it has the identifying block; 0: nothing contradicts; less: what it lacks. */
  readonly certainty: number;
  readonly unproven: readonly Unproven[];
}

/** undefined: another board: a wrong value, or other inputs. */
async function fitOf(ask: Ask, unit: number, profile: ModbusProfile): Promise<Fit | undefined> {
  const { probe, localLinkage } = profile;
  const unproven: Unproven[] = [];
  if (probe !== undefined) {
    const wanted = probe.expect === 'unit' ? [unit] : probe.expect;
    const answer = await compared(ask, probe, (values) => wanted === undefined || values.join() === wanted.join());
    if (answer === 'another') return undefined;
    if (answer === 'unproven') unproven.push('identity');
  }
  if (localLinkage !== undefined) {
    const answer = await compared(ask, localLinkage, (modes) => modes.every((mode) => mode <= localLinkage.most));
    if (answer === 'another') return undefined;
    if (answer === 'unproven') unproven.push('linkage');
  }
  const missing = await missingOfAll(ask, planReads(profile));
  if (missing === 'inputs') return undefined;
  if (missing === 'counters') unproven.push('counters');
  const proof = probe === undefined || unproven.includes('identity') ? 0 : probe.expect === undefined ? 1 : 2;
  return { certainty: proof - unproven.length, unproven };
}

/** Does the board answer as this profile's does? One that lacks the registers proves nothing. */
async function compared(
  ask: Ask,
  read: ReadRequest,
  fits: (values: readonly number[]) => boolean,
): Promise<'fits' | 'another' | 'unproven'> {
  const values = await ask(read);
  if (values === 'garbled') return 'another';
  if (!Array.isArray(values)) return 'unproven';
  return fits(values) ? 'fits' : 'another';
}

/** Asks no further once inputs are missing. */
async function missingOfAll(ask: Ask, reads: readonly PlannedRead[]): Promise<'inputs' | 'counters' | undefined> {
  let missing: 'counters' | undefined;
  for (const planned of reads) {
    const of = await missingOf(ask, planned);
    if (of === 'inputs') return of;
    missing ??= of;
  }
  return missing;
}

/** What a board does not answer of a read, also where it wants the parts apart. */
async function missingOf(ask: Ask, planned: PlannedRead): Promise<'inputs' | 'counters' | undefined> {
  if (Array.isArray(await ask(planned.read))) return undefined;
  if (planned.blocks.length === 1)
    return planned.blocks.every(({ block }) => isCounting(block)) ? 'counters' : 'inputs';
  const missing: ('inputs' | 'counters' | undefined)[] = [];
  for (const part of splitRead(planned)) missing.push(await missingOf(ask, part));
  return missing.includes('inputs') ? 'inputs' : missing.find((each) => each !== undefined);
}
