/**
 * Searches for Modbus boards by unit number and reports the profiles that fit each answer. It only reads. The caller ensures that the
 * wire has no other master (devices.md, rule 5).
 */
import { type DeviceSearch, type FoundDevice, LinkError, ProtocolError } from '../../src/driver.ts';
import { planReads } from './blocks.ts';
import type { ReadFunction, ReadRequest } from './frame.ts';
import { createMaster, type Master } from './master.ts';
import type { ModbusProfile } from './profile.ts';

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
  const fitting: { readonly name: string; readonly certainty: number }[] = [];
  for (const [name, profile] of profiles) {
    const certainty = await certaintyOf(ask, unit, profile);
    // Of two equal matches, the profile for this kind of wire wins.
    const isElsewhere = !profile.transport.includes(transport);
    if (certainty !== undefined) fitting.push({ name, certainty: certainty - (isElsewhere ? 0.5 : 0) });
  }
  fitting.sort((a, b) => b.certainty - a.certainty);
  return { functions, profiles: fitting.map(({ name }) => name) };
}

/** undefined: another board. 2: it identified itself; 1: it has the identifying block; 0: nothing contradicts. */
async function certaintyOf(ask: Ask, unit: number, profile: ModbusProfile): Promise<number | undefined> {
  const { probe, localLinkage } = profile;
  if (probe !== undefined) {
    const values = await ask(probe);
    if (!Array.isArray(values)) return undefined;
    const wanted = probe.expect === 'unit' ? [unit] : probe.expect;
    if (wanted !== undefined && values.join() !== wanted.join()) return undefined;
  }
  if (localLinkage !== undefined) {
    const modes = await ask(localLinkage);
    if (!Array.isArray(modes) || modes.some((mode: number) => mode > localLinkage.most)) return undefined;
  }
  for (const { read } of planReads(profile)) if (!Array.isArray(await ask(read))) return undefined;
  return probe === undefined ? 0 : probe.expect === undefined ? 1 : 2;
}
