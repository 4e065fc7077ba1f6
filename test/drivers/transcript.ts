/** A transcript: what goes over the wire for one device and what it means. Reads them, and plays the device's side. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { slaveCrc } from './slave.ts';
import { bytesOf, type FarEnd, hexOf } from './wire.ts';

export interface Exchange {
  readonly ask: string;
  readonly answer: string;
  readonly from: 'manual' | 'derived' | 'capture';
}

/** One state of the device: what it answers or says by itself, and what a driver must make of it. */
export interface TranscriptLook {
  readonly exchanges?: readonly Exchange[];
  /** Said without being asked, at the beginning of this look. */
  readonly says?: readonly string[];
  readonly levels?: Readonly<Record<string, boolean>>;
  readonly pulses?: Readonly<Record<string, number>>;
}

export interface Transcript {
  readonly file: string;
  readonly kind: string;
  readonly profile?: string;
  readonly source: string;
  readonly device: Readonly<Record<string, unknown>>;
  /** Answered in every look. */
  readonly exchanges: readonly Exchange[];
  readonly looks: readonly TranscriptLook[];
}

const folder = new URL('../transcripts/', import.meta.url);

export function transcripts(): readonly Transcript[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => {
      const read = parse(readFileSync(new URL(file, folder), 'utf8'), { schema: 'failsafe' }) as Record<
        string,
        unknown
      >;
      // Bytes such as `01 02` stay text; only `device`, levels and pulses are values.
      const values = parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, unknown>;
      const looks = (read.looks as TranscriptLook[]).map((look, index) => ({
        ...look,
        ...pick((values.looks as TranscriptLook[])[index] ?? {}, 'levels', 'pulses'),
      }));
      return { exchanges: [], ...read, device: values.device, looks, file } as unknown as Transcript;
    });
}

function pick(look: TranscriptLook, ...keys: ('levels' | 'pulses')[]): Partial<TranscriptLook> {
  return Object.fromEntries(keys.filter((key) => look[key] !== undefined).map((key) => [key, look[key]]));
}

export const exchangesOf = (transcript: Transcript): readonly Exchange[] => [
  ...transcript.exchanges,
  ...transcript.looks.flatMap(({ exchanges = [] }) => exchanges),
];

export interface Player {
  readonly farEnd: (say: (bytes: Uint8Array) => void) => FarEnd;
  /** From now on the device is in this state. */
  show(look: TranscriptLook): void;
  /** Requests that stand nowhere in the transcript. */
  readonly strange: string[];
}

/** Plays a device: answers what its transcript answers and nothing else. `spoil` changes answers on their way. */
export function createPlayer(
  transcript: Transcript,
  options: {
    readonly address?: (frame: Uint8Array) => Uint8Array;
    readonly spoil?: (answer: Uint8Array) => Uint8Array | undefined;
  } = {},
): Player {
  const address = options.address ?? ((frame) => frame);
  const spoil = options.spoil ?? ((answer) => answer);
  let answers = new Map<string, Uint8Array>();
  let said: ((bytes: Uint8Array) => void) | undefined;
  const strange: string[] = [];
  return {
    strange,
    show(look) {
      answers = new Map(
        [...transcript.exchanges, ...(look.exchanges ?? [])].map(({ ask, answer }) => [
          hexOf(address(bytesOf(ask))),
          address(bytesOf(answer)),
        ]),
      );
      for (const text of look.says ?? []) said?.(bytesOf(text));
    },
    farEnd(say) {
      const tell = (bytes: Uint8Array): void => {
        const spoiled = spoil(bytes);
        if (spoiled !== undefined) say(spoiled);
      };
      said = tell;
      return {
        hear(request) {
          const answer = answers.get(hexOf(request));
          if (answer === undefined) strange.push(hexOf(request));
          else tell(answer);
        },
      };
    },
  };
}

/** The same Modbus RTU frame for another unit; a register that holds the board's own address follows it. */
export const forUnit =
  (unit: number) =>
  (frame: Uint8Array): Uint8Array => {
    const body = [unit, ...frame.slice(1, -2)];
    if (body.length === 5 && body[2] === 2 && body[3] === 0 && body[4] === frame[0]) body[4] = unit;
    return Uint8Array.from([...body, ...slaveCrc(body)]);
  };
