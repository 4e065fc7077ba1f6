/** Makes a provisioning file of a description: fills in nothing, but tries each row, so that a fault is found at the desk and not in the cabinet. */
import { z } from 'zod';
import { fillPlaces, plainValue } from '../config/edit.ts';
import type { ConfigFault } from '../config/errors.ts';
import { confirmable, type WrittenPeer } from '../config/written-peers.ts';
import { TOKEN_SCOPES } from '../http/token-scopes.ts';
import { userName } from '../page/access/user-name.ts';
import { USER_ROLES } from '../page/api/rights.ts';
import { provisionText } from '../text/fleet/provision.ts';
import type { Text } from '../text/text.ts';
import { ProvisionError } from './provision-error.ts';
import { BOXES_MAX, CONFIRMS_MAX, type ProvisionBody, type SealedPart, signProvision } from './provision-file.ts';
import { isSealKey, seal } from './seal.ts';

const FAULTS_SHOWN = 20;
const TOKEN_LENGTH_MIN = 16;

const secrets = z.record(z.string(), z.string().min(1)).default({});

const description = z.strictObject({
  note: z.string().max(200).default(''),
  /** A file, relative to the description; its folder `profiles/` comes along. */
  configuration: z.string().min(1),
  /** For each box that does not name its own. */
  secrets,
  users: z
    .array(
      z.strictObject({
        user: userName,
        role: z.enum(USER_ROLES),
        password: z.string(),
        lanes: z.array(z.string()).min(1).optional(),
      }),
    )
    .default([]),
  tokens: z
    .array(
      z.strictObject({
        name: userName,
        scopes: z.array(z.enum(TOKEN_SCOPES)).min(1),
        token: z.string().min(TOKEN_LENGTH_MIN),
      }),
    )
    .default([]),
  /** Destinations and polled systems near the box, by name, that its owner need not confirm at the page. */
  confirm: z.array(z.string().min(1).max(64)).max(CONFIRMS_MAX).default([]),
  boxes: z.record(
    z.string(),
    z.strictObject({
      key: z.string().refine(isSealKey).optional(),
      values: z.record(z.string(), z.unknown()).default({}),
      secrets,
    }),
  ),
});
export type Description = z.infer<typeof description>;

/** Throws ProvisionError `source`. */
export function readDescription(text: string): Description {
  const read = description.safeParse(plainValue(text) ?? {});
  if (!read.success)
    throw new ProvisionError('source', joined(read.error.issues.slice(0, FAULTS_SHOWN).map(formFault)));
  const count = Object.keys(read.data.boxes).length;
  if (count === 0 || count > BOXES_MAX) throw new ProvisionError('source', provisionText.boxes(BOXES_MAX));
  return read.data;
}

function formFault(issue: z.core.$ZodIssue): Text {
  const place = issue.path.join('.') || '.';
  if (issue.code === 'unrecognized_keys')
    return provisionText.unknownKeys([...issue.path, issue.keys.join(', ')].join('.'));
  if (issue.code === 'too_small' && issue.origin === 'string')
    return provisionText.tooShort(place, Number(issue.minimum));
  if (issue.code === 'invalid_value') return provisionText.oneOf(place, issue.values.map(String));
  return provisionText.missingOrWrong(place);
}

export interface MakeParts {
  readonly wallMs: number;
  /** The operator's private key. */
  readonly pem: string;
  readonly configuration: string;
  readonly profiles: Readonly<Record<string, string>>;
  /** Throws Problem `weakPassword`. */
  readonly hash: (password: string, user: string) => Promise<string>;
  /** SHA-256, in hex. */
  readonly tokenHash: (token: string) => string;
  /** Faults of a configuration with these secrets, or the peers that a person would confirm. */
  readonly check: (
    yaml: string,
    secrets: Readonly<Record<string, string>>,
  ) => { readonly faults: readonly ConfigFault[]; readonly peers: readonly WrittenPeer[] };
}

/** The file as text. Throws ProvisionError: `source`, `operatorKey`. */
export async function makeProvision(described: Description, parts: MakeParts): Promise<string> {
  const { note, users, tokens, confirm } = described;
  const faults = Object.entries(described.boxes).flatMap(([row, box]) => rowFaults(row, box, described, parts));
  if (faults.length > 0) throw new ProvisionError('source', joined(faults.slice(0, FAULTS_SHOWN)));
  const common = {
    users: await inOrder(users, async ({ password, ...user }) => ({
      ...user,
      password: await parts.hash(password, user.user),
    })),
    tokens: tokens.map(({ token, ...rest }) => ({ ...rest, hash: parts.tokenHash(token) })),
  };
  const boxes = Object.fromEntries(
    Object.entries(described.boxes).map(([row, { key, values, secrets: own }]) => {
      const part: SealedPart = { secrets: { ...described.secrets, ...own }, ...common };
      return [row, { ...(key !== undefined && { key, sealed: seal(key, row, JSON.stringify(part)) }), values }];
    }),
  );
  const { configuration, profiles, wallMs } = parts;
  // Boxes of 1.0.0-rc.1 take no file with this key.
  const confirms = confirm.length === 0 ? {} : { confirms: confirm };
  const body: ProvisionBody = { madeWallMs: Math.round(wallMs), note, configuration, profiles, ...confirms, boxes };
  return signProvision(body, parts.pem);
}

function rowFaults(
  row: string,
  { key, values, secrets: own }: Description['boxes'][string],
  { secrets: shared, users, tokens, confirm }: Description,
  { configuration, check }: MakeParts,
): readonly Text[] {
  const all = { ...shared, ...own };
  const isSecret = Object.keys(all).length + users.length + tokens.length > 0;
  if (key === undefined && isSecret) return [provisionText.rowWithoutKey(row)];
  const filled = fillPlaces(configuration, values);
  if (filled === undefined) return [provisionText.noYaml];
  const surplus = Object.keys(values).filter((each) => !filled.used.includes(each));
  if (filled.missing.length > 0) return [provisionText.rowLacks(row, filled.missing)];
  if (surplus.length > 0) return [provisionText.rowSurplus(row, surplus)];
  const { faults, peers } = check(filled.text, all);
  if (faults.length > 0) return faults.map(({ line, message }) => provisionText.rowFault(row, line, message));
  const open = confirmable(peers);
  return confirm.flatMap((each) =>
    open.some(({ name }) => name === each) ? [] : [provisionText.noSuchPeer(row, each)],
  );
}

const joined = (texts: readonly Text[]): Text => ({
  zh: texts.map(({ zh }) => zh).join('；'),
  en: texts.map(({ en }) => en).join('; '),
});

async function inOrder<From, To>(all: readonly From[], work: (each: From) => Promise<To>): Promise<To[]> {
  const done: To[] = [];
  for (const each of all) done.push(await work(each));
  return done;
}
