/**
 * The profile schema of a device that speaks unasked: where its frames begin and end, and the meaning of each message for its points.
 * Data without conditions or expressions; it can name only the questions of `questions.ts`. devices.md 5.
 */
import { z } from 'zod';
import { serialProfileText } from './profile-text.ts';
import { QUESTION_NAMES } from './questions.ts';

/** `A6`, `FF 01 0D` */
const bytes = z.string().regex(/^[0-9A-F]{2}( [0-9A-F]{2}){0,15}$/);
/** The same, with `??` for any byte. */
const pattern = z.string().regex(/^([0-9A-F]{2}|\?\?)( ([0-9A-F]{2}|\?\?)){0,63}$/);
const point = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/);
const at = z.int().min(0).max(255);
/** Over everything from the first start byte to itself; low byte first where it has two. */
const checksum = z.enum(['sum8', 'xor8', 'crc16']);
const frame = () =>
  z.discriminatedUnion('kind', [
    /** Begins with `start`, ends with `end`; a checksum stands right before `end`. */
    z.strictObject({ kind: z.literal('delimited'), start: bytes, end: bytes, checksum: checksum.optional() }),
    /** Always `length` bytes, all counted; a checksum stands last. */
    z.strictObject({
      kind: z.literal('fixed'),
      start: bytes,
      length: z.int().min(2).max(256),
      checksum: checksum.optional(),
    }),
    /** The byte at `at` (0 is the first) plus `adds` is the total length; a checksum stands last. */
    z.strictObject({
      kind: z.literal('counted'),
      start: bytes,
      at,
      adds: z.int().min(0).max(64),
      checksum: checksum.optional(),
    }),
  ]);
const message = () =>
  z.strictObject({
    /** The content between start and end (without checksum), as text or bytes; whole, or a prefix with `more`. */
    text: z.string().min(1).max(64).optional(),
    hex: pattern.optional(),
    /** More may follow. */
    more: z.boolean().default(false),
    /** This many characters `0` and `1` follow; `digitPoints` names them from 0. */
    digits: z.int().min(1).max(64).optional(),
    digitPoints: z.record(point, at).default({}),
    /** Bits of bytes counted from the first after start. */
    bitPoints: z
      .record(point, z.strictObject({ at, bit: z.int().min(0).max(7), invert: z.boolean().default(false) }))
      .default({}),
    levels: z.record(point, z.boolean()).default({}),
    /** Momentary events: a button or a card. */
    pulses: z.array(point).default([]),
    /** A payment. `plate` and `id`: index of the field between the separators, from 0. */
    grant: z
      .strictObject({
        kind: z.enum(['paid', 'monthly', 'free', 'storedValue', 'remoteOpen', 'other']).default('paid'),
        separator: z.string().length(1).default(','),
        plate: z.int().min(0).max(31).optional(),
        id: z.int().min(0).max(31).optional(),
      })
      .optional(),
    /** Sent once after a power loss. */
    powerOn: z.boolean().default(false),
  });
const fields = () =>
  z.strictObject({
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
    frame: frame(),
    /** Longest valid frame. */
    maxBytes: z.int().min(4).max(512).default(64),
    /** After this silence an incomplete frame is dropped. */
    idleMs: z.int().min(5).max(5_000).default(200),
    /** Polled every `everyMs`; without it the driver only listens. */
    ask: z
      .strictObject({
        question: z.enum(QUESTION_NAMES),
        everyMs: z.int().min(50).max(60_000).default(500),
        timeoutMs: z.int().min(20).max(5_000).default(300),
      })
      .optional(),
    /** How long a level stays valid after the device's last message. Keep it short with `ask` or a heartbeat. */
    holdMs: z.int().min(500).max(86_400_000).default(1_500),
    /**
     * Within this time, an identical message without digits and bits is a repetition: some devices repeat an event until it is
     * acknowledged, which we never do. Longer than their interval. 0: every one counts.
     */
    repeatMs: z.int().min(0).max(60_000).default(0),
    /** Encoding of a grant's fields. */
    encoding: z.enum(['latin1', 'gb18030', 'utf-8']).default('latin1'),
    messages: z.array(message()).min(1).max(128),
  });
/** Checks between fields: a frame without room for content, an index beyond its message, a point with two meanings. */
function checkFields(profile: z.infer<ReturnType<typeof fields>>, context: z.RefinementCtx): void {
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

/** Points whose level every message carries, not only a change. */
export const statusPointsOf = ({ digitPoints, bitPoints }: MessageRule): readonly string[] => [
  ...Object.keys(digitPoints),
  ...Object.keys(bitPoints),
];
const levelPointsOf = (rule: MessageRule): readonly string[] => [...Object.keys(rule.levels), ...statusPointsOf(rule)];

/** Made when the first profile is read: a start does not wait for it. */
export const serialLineProfile = z.lazy(() => fields().superRefine(checkFields));

export type SerialLineProfile = z.infer<typeof serialLineProfile>;
export type FrameRule = SerialLineProfile['frame'];
export type MessageRule = SerialLineProfile['messages'][number];
export type ChecksumKind = z.infer<typeof checksum>;
