/**
 * What a profile of a device that speaks by itself may say: where its frames begin and end, and what each message means for which point.
 * Data without conditions or expressions; the only questions it may name are those of `questions.ts`. devices.md 5.
 */
import { z } from 'zod';
import { serialProfileText } from './profile-text.ts';
import { QUESTION_NAMES } from './questions.ts';

/** `A6`, `FF 01 0D` */
const bytes = z.string().regex(/^[0-9A-F]{2}( [0-9A-F]{2}){0,15}$/);
/** The same, where `??` is any byte. */
const pattern = z.string().regex(/^([0-9A-F]{2}|\?\?)( ([0-9A-F]{2}|\?\?)){0,63}$/);
const point = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/);
const at = z.int().min(0).max(255);
/** Over everything from the first start byte to itself; low byte first where it has two. */
const checksum = z.enum(['sum8', 'xor8', 'crc16']);
const frame = z.discriminatedUnion('kind', [
  /** Begins with `start`, ends with `end`; a checksum stands right before `end`. */
  z.strictObject({ kind: z.literal('delimited'), start: bytes, end: bytes, checksum: checksum.optional() }),
  /** Always `length` bytes, all counted; a checksum stands last. */
  z.strictObject({
    kind: z.literal('fixed'),
    start: bytes,
    length: z.int().min(2).max(256),
    checksum: checksum.optional(),
  }),
  /** The byte at `at` (0 is the first) plus `adds` is the length of all; a checksum stands last. */
  z.strictObject({
    kind: z.literal('counted'),
    start: bytes,
    at,
    adds: z.int().min(0).max(64),
    checksum: checksum.optional(),
  }),
]);
const message = z.strictObject({
  /** What stands between start and end (without checksum), as text or as bytes; all of it, or its beginning with `more`. */
  text: z.string().min(1).max(64).optional(),
  hex: pattern.optional(),
  /** More may follow. */
  more: z.boolean().default(false),
  /** Exactly so many characters `0` and `1` follow; `digitPoints` says which is which, from 0. */
  digits: z.int().min(1).max(64).optional(),
  digitPoints: z.record(point, at).default({}),
  /** Bits of bytes counted from the first after start. */
  bitPoints: z
    .record(point, z.strictObject({ at, bit: z.int().min(0).max(7), invert: z.boolean().default(false) }))
    .default({}),
  levels: z.record(point, z.boolean()).default({}),
  /** A button or a card: it happened once. */
  pulses: z.array(point).default([]),
  /** A passage is paid for. `plate` and `id`: which part it is between the separators, from 0. */
  grant: z
    .strictObject({
      kind: z.enum(['paid', 'monthly', 'free', 'storedValue', 'remoteOpen', 'other']).default('paid'),
      separator: z.string().length(1).default(','),
      plate: z.int().min(0).max(31).optional(),
      id: z.int().min(0).max(31).optional(),
    })
    .optional(),
  /** Said once after the device had no power. */
  powerOn: z.boolean().default(false),
});
const fields = z.strictObject({
  maker: z.string().min(1),
  model: z.string().min(1),
  source: z.string().min(1),
  note: z.strictObject({ zh: z.string(), en: z.string() }).optional(),
  serial: z
    .strictObject({
      baudRate: z.int().positive(),
      parity: z.enum(['none', 'even', 'odd']),
      stopBits: z.union([z.literal(1), z.literal(2)]),
    })
    .optional(),
  frame,
  /** A frame longer than this is none. */
  maxBytes: z.int().min(4).max(512).default(64),
  /** Half a frame before this much silence is no frame. */
  idleMs: z.int().min(5).max(5_000).default(200),
  /** Asked every `everyMs`; without it the device is only listened to. */
  ask: z
    .strictObject({
      question: z.enum(QUESTION_NAMES),
      everyMs: z.int().min(50).max(60_000).default(500),
      timeoutMs: z.int().min(20).max(5_000).default(300),
    })
    .optional(),
  /** For how long a level is believed after the device last said anything. Ask or heartbeat keep it short. */
  holdMs: z.int().min(500).max(86_400_000).default(1_500),
  /**
   * How long after a message without digits and bits the same one is a repetition: some devices say an event again until it is
   * acknowledged, which we never do. Longer than their interval. 0: every one counts.
   */
  repeatMs: z.int().min(0).max(60_000).default(0),
  /** Of the parts of a grant. */
  encoding: z.enum(['latin1', 'gb18030', 'utf-8']).default('latin1'),
  messages: z.array(message).min(1).max(128),
});
/** What a schema of fields cannot see: a frame that can hold nothing, a place beyond its message, a point that means two things. */
function checkFields(profile: z.infer<typeof fields>, context: z.RefinementCtx): void {
  const complain = (complaint: ReturnType<typeof serialProfileText.oneOf>, ...path: (string | number)[]): void =>
    context.addIssue({ code: 'custom', path, message: complaint.message.en, params: { complaint } });
  const { frame: rule, maxBytes, messages } = profile;
  const longest = rule.kind === 'fixed' ? rule.length : rule.kind === 'counted' ? rule.at + 1 : 0;
  if (longest > maxBytes) complain(serialProfileText.tooLong(), 'maxBytes');
  if (rule.kind === 'counted' && rule.at < rule.start.split(' ').length)
    complain(serialProfileText.lengthInStart(), 'frame', 'at');
  const levels = new Set(messages.flatMap((each) => levelPointsOf(each)));
  messages.forEach((each, index) => {
    if ((each.text === undefined) === (each.hex === undefined)) complain(serialProfileText.oneOf(), 'messages', index);
    if (Object.values(each.digitPoints).some((digit) => digit >= (each.digits ?? 0)))
      complain(serialProfileText.beyondDigits(), 'messages', index, 'digitPoints');
    const bytes = (each.hex?.split(' ').length ?? each.text?.length ?? 0) + (each.digits ?? 0);
    if (!each.more && Object.values(each.bitPoints).some((bit) => bit.at >= bytes))
      complain(serialProfileText.beyondMessage(), 'messages', index, 'bitPoints');
    const twice = each.pulses.find((name) => levels.has(name));
    if (twice !== undefined) complain(serialProfileText.pointTwice(twice), 'messages', index, 'pulses');
  });
}

/** Points whose level stands in the message whatever it is, not only when it changes. */
export const statusPointsOf = ({ digitPoints, bitPoints }: MessageRule): readonly string[] => [
  ...Object.keys(digitPoints),
  ...Object.keys(bitPoints),
];
const levelPointsOf = (rule: MessageRule): readonly string[] => [...Object.keys(rule.levels), ...statusPointsOf(rule)];

export const serialLineProfile = fields.superRefine(checkFields);

export type SerialLineProfile = z.infer<typeof serialLineProfile>;
export type FrameRule = SerialLineProfile['frame'];
export type MessageRule = SerialLineProfile['messages'][number];
export type ChecksumKind = z.infer<typeof checksum>;
