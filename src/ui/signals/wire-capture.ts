/**
 * The frames of a line as transcripts, one a Modbus board, as `test/transcripts/` has them: what it was asked and answered, and the levels that the box
 * made of it. Registers and levels only: no time, no name of the site, no address of the network. Pure.
 */
import type { SignalsView } from '../../page/api/api.ts';
import type { WireFrame } from '../../page/api/api-live.ts';

type Line = SignalsView['lines'][number];
type Levels = Readonly<Record<string, boolean>>;
/** Answers by what was asked. */
type Answers = ReadonlyMap<string, string>;

interface BoardCapture {
  readonly answers: Map<string, string>;
  /** By all answers: of the same ones the last levels count, for a level may be confirmed by the next reading. */
  readonly states: Map<string, { readonly answers: Answers; readonly levels: Levels }>;
}

/** States and different requests of a board: beyond, no more are added. */
const STATES_MOST = 64;
const ASKS_MOST = 32;
const MBAP_BYTES = 6;

export class WireCapture {
  readonly #line: Line;
  readonly #boards = new Map<string, BoardCapture>();
  #ask: string | undefined;
  #answer: string | undefined;

  constructor(line: Line) {
    this.#line = line;
  }

  /** `levels`: of a device by now; undefined while one is not known. */
  add({ direction, hex }: WireFrame, levels: (device: string) => Levels | undefined): void {
    const frame = this.#line.port.startsWith('modbus-tcp:') ? asRtu(hex) : hex.toUpperCase();
    if (direction === 'in') {
      this.#answer ??= frame;
      return;
    }
    // With the next request the levels of the answer before it are known.
    this.#settle(levels);
    this.#ask = frame;
    this.#answer = undefined;
  }

  #settle(levels: (device: string) => Levels | undefined): void {
    const [ask, answer] = [this.#ask, this.#answer];
    const device = this.#deviceOf(ask);
    if (ask === undefined || answer === undefined || device === undefined || answer.slice(0, 2) !== ask.slice(0, 2))
      return;
    const board: BoardCapture = this.#boards.get(device.id) ?? { answers: new Map(), states: new Map() };
    this.#boards.set(device.id, board);
    if (!board.answers.has(ask) && board.answers.size >= ASKS_MOST) return;
    board.answers.set(ask, answer);
    const now = levels(device.id);
    const key = [...board.answers.values()].join('\n');
    if (now !== undefined && (board.states.has(key) || board.states.size < STATES_MOST))
      board.states.set(key, { answers: new Map(board.answers), levels: now });
  }

  #deviceOf(ask: string | undefined): Line['devices'][number] | undefined {
    const unit = ask === undefined ? undefined : Number.parseInt(ask.slice(0, 2), 16);
    return this.#line.devices.find((device) => device.kind === 'modbus' && device.unit === unit);
  }

  /** A file a board that has answered. */
  transcripts(): readonly { readonly name: string; readonly text: string }[] {
    return this.#line.devices.flatMap((device) => {
      const board = this.#boards.get(device.id);
      return board === undefined || board.states.size === 0
        ? []
        : [{ name: `${device.profile ?? 'board'}-${device.id}.yaml`, text: transcriptOf(device, board) }];
    });
  }
}

function transcriptOf({ profile, unit }: Line['devices'][number], { answers, states }: BoardCapture): string {
  const seen = [...states.values()];
  const varies = (ask: string): boolean => new Set(seen.flatMap((state) => state.answers.get(ask) ?? [])).size > 1;
  const varying = [...answers.keys()].filter(varies);
  const looks = new Map(
    seen
      .filter((state) => varying.every((ask) => state.answers.has(ask)))
      .map((state) => [varying.map((ask) => state.answers.get(ask)).join('\n'), state]),
  );
  const exchange = (ask: string, answer: string | undefined): string =>
    `- { ask: ${ask}, answer: ${answer}, from: capture }`;
  const levelsOf = (levels: Levels): string =>
    Object.entries(levels)
      .map(([point, level]) => `${point}: ${level}`)
      .join(', ');
  return [
    ...['kind: modbus', `profile: ${profile ?? ''}`, 'source: captured on a wire'],
    `device: { unit: ${unit}, pollMs: 5 }`,
    'exchanges:',
    ...[...answers].filter(([ask]) => !varies(ask)).map(([ask, answer]) => `  ${exchange(ask, answer)}`),
    'looks:',
    ...[...looks.values()].flatMap((state) => [
      '  - exchanges:',
      ...varying.map((ask) => `      ${exchange(ask, state.answers.get(ask))}`),
      `    levels: { ${levelsOf(state.levels)} }`,
    ]),
    '',
  ]
    .join('\n')
    .replace('exchanges:\nlooks', 'exchanges: []\nlooks')
    .replace(/- exchanges:\n {4}levels/g, '- exchanges: []\n    levels');
}

/** Modbus TCP as it would go over a serial line: without its header, with a checksum. */
function asRtu(hex: string): string {
  const body = hex
    .split(' ')
    .slice(MBAP_BYTES)
    .map((byte) => Number.parseInt(byte, 16));
  let crc = 0xffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return [...body, crc & 0xff, crc >> 8]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ')
    .toUpperCase();
}
