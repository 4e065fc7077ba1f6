/**
 * The chain over what the box has seen and done: the format, pure. Every row of the journal, those of the lanes and those of the box itself, has a
 * digest; a block of rows has a head, which holds the head before it. docs/en/evidence-format.md describes it for whoever writes a verifier.
 *
 *     row     SEQ \n BOOT \n LANE \n AT \n WALL \n SALT \n EVENT        UTF-8; a row of the box has an empty lane
 *     digest  SHA-256 of the row
 *     root    SHA-256 of the digests of the block, as 64 hex digits each, one after the other
 *     head    SHA-256 of  PREVIOUS \n FIRST \n LAST \n ROOT             PREVIOUS: the head before, or the id of the chain
 *
 * Digests and not rows lie under a head, so that a row can be deleted, or left out of what is shown to somebody, without loosening the rest.
 */
import { createPublicKey, hash, verify } from 'node:crypto';
import type { BoxReport } from '../observation.ts';

/** Rows of a block: the head of a full one is written with its last row. */
export const BLOCK_ROWS = 128;
/** Hex digits of a row's salt, and of the beginning of its digest that is kept beside it: it tells which row of a block was changed. */
export const SALT_DIGITS = 32;
export const CHECK_DIGITS = 16;

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

export const rowText = (
  seq: number,
  bootSeq: number,
  laneId: string,
  atMs: number,
  wallMs: number,
  salt: string,
  event: string,
): string => `${seq}\n${bootSeq}\n${laneId}\n${atMs}\n${wallMs}\n${salt}\n${event}`;

const ROW_PARTS = 'seq, boot_seq, lane_id, at_ms, wall_ms, lower(hex(substr(link, 1, 16))), event';
/** The same in SQL, of a row of `journal`: one call, which takes half as long as joining part by part. */
export const ROW_TEXT = `concat_ws(char(10), ${ROW_PARTS})`;
/** Behind the beginning of its digest. */
export const CHECKED_ROW_TEXT = `concat_ws(char(10), lower(hex(substr(link, 17))), ${ROW_PARTS})`;

export const rootOf = (digests: readonly string[]): string => sha256(digests.join(''));

export const headOf = (previous: string, first: number, last: number, root: string): string =>
  sha256(`${previous}\n${first}\n${last}\n${root}`);

/** A row of the chain, as it is named to others. */
export interface ChainRow {
  readonly chain: string;
  readonly row: number;
  /** Of its text: SHA-256, in hex. */
  readonly digest: string;
}

/** A head as it stands, or as it left the box. */
export interface ChainHead {
  readonly chain: string;
  /** The last row under it. */
  readonly last: number;
  readonly head: string;
}

/** As somebody typed it from the day's message or sheet: its first digits, and the day. */
export interface TypedHead {
  readonly day: string;
  readonly digits: string;
}

/** A head outside the box. */
export type KeptHead = ChainHead | TypedHead;

export interface SignedHead extends ChainHead {
  readonly wallMs: number;
  /** Ed25519, in hex. */
  readonly key: string;
  readonly signature: string;
  /** How it left the box. */
  readonly ways: readonly string[];
}

/** As the table `chain_head` has it: its ways with a space between. */
export type HeadRow = Omit<SignedHead, 'wallMs' | 'ways'> & { readonly wall_ms: number; readonly ways: string };

export const headOfRow = ({ wall_ms: wallMs, ways, ...row }: HeadRow): SignedHead => ({
  ...row,
  wallMs,
  ways: ways.split(' ').filter((way) => way !== ''),
});

/** A head that comes back, with a signature that is right. */
export type HeadWithKey = ChainHead & Pick<SignedHead, 'key'>;

/** What a store makes of a head that comes back from outside. */
export type HeadFound = 'agrees' | HeadMisfit;

export type HeadMisfit =
  | 'rewritten' // the chain is this one, and another head or none is over its row: it was rewritten, or went on from an older image
  | 'behind' // the chain ends here before its row: an older image, or rows were taken away
  | 'otherChain' // the chain was never here: another card, or an emptied state folder
  | 'otherKey'; // by a key that never signed here: anybody may have made it, or the chain was rewritten with a key of its own

/** What a chain follows in its database: the end of the one before, and which keys had signed heads of that. */
export interface Followed extends ChainHead {
  /** The newest head of each key; empty: none had been signed. */
  readonly signed: readonly Omit<SignedHead, 'chain' | 'ways'>[];
}

/** What the first row of a chain says of the one before. undefined: it says nothing, or is no such row. */
export function followed(fact: BoxFact | undefined): Followed | undefined {
  if (fact?.kind !== 'chain') return undefined;
  // Up to 1.0.0-rc.1 it named a head alone, which may be of what the folder held before.
  return fact.follows ?? (fact.former && { ...fact.former, signed: [] });
}

/** What is signed: the head, and when by the box's clock. */
export const headText = ({ chain, last, head }: ChainHead, wallMs: number): string =>
  `lanewarden head 1\n${chain}\n${last}\n${head}\n${wallMs}`;

/** The 12 bytes before a raw Ed25519 key in DER (RFC 8410). */
const DER = Buffer.from('302a300506032b6570032100', 'hex');

/** `key` and `signature` in hex. */
export function isSigned(text: string, key: string, signature: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(key) || !/^[0-9a-f]{128}$/.test(signature)) return false;
  const publicKey = createPublicKey({
    key: Buffer.concat([DER, Buffer.from(key, 'hex')]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'hex'));
}

/** Why a chain begins; the first row of each says so. */
export type ChainBeginning =
  | 'new' // an empty state folder
  | 'migrated' // rows of an earlier version lie before it, outside of any chain
  | 'damaged' // the successor of a damaged database
  | 'lost' // the database is gone, the mark beside it is not
  | 'restored' // the database is not the one that this folder last held: a backup, another card
  | 'rolledBack'; // it is, as it was earlier

/** How long a settled record stays, and a row of a lane. */
export interface Retention {
  readonly recordsMs: number;
  readonly journalMs: number;
}

/** A row of the box itself, in the order of what happened. Texts of people and of the platform are as they were given. */
export type BoxFact =
  | {
      readonly kind: 'chain';
      readonly chain: string;
      readonly why: ChainBeginning;
      /** The last head known of what this folder held. */
      readonly former?: ChainHead;
      /** Of the rows that this database holds before this one. Up to 1.0.0-rc.1 not written. */
      readonly follows?: Followed;
    }
  /** A run of the program began. */
  | { readonly kind: 'start'; readonly version: string; readonly bootId: string; readonly blindMs: number }
  /** From here on heads are signed by this key. */
  | { readonly kind: 'key'; readonly key: string }
  /** A head left the box this way. */
  | { readonly kind: 'head'; readonly last: number; readonly head: string; readonly way: string }
  /** Settings in force for the lane from here on; in `epoch` under the number of the row before. */
  | { readonly kind: 'epoch'; readonly lane: string; readonly seq: number; readonly settings: string }
  /** A verdict, as it was given: the record whole, the program and the settings it rests on, the number of the engine's state before. */
  | {
      readonly kind: 'record';
      readonly id: number;
      readonly serial: string;
      readonly lane: string;
      readonly state: string;
      readonly version: string;
      readonly epoch: number;
      /** SHA-256 of the settings; empty: none were kept. */
      readonly settings: string;
      readonly snapshot: number;
      /** The text of the record as it is kept. */
      readonly record: string;
      /** Given by another box (`queue import`). */
      readonly adopted?: true;
    }
  | {
      readonly kind: 'frame';
      readonly id: number;
      readonly place: string;
      readonly sha256: string;
      readonly bytes: number;
    }
  | { readonly kind: 'noFrame'; readonly id: number; readonly why: string }
  /** Pictures removed by a rule: number of the record and place. */
  | { readonly kind: 'gone'; readonly rule: string; readonly frames: readonly (readonly [id: number, place: string])[] }
  | {
      readonly kind: 'try';
      readonly id: number;
      readonly number: number;
      readonly why: string;
      readonly answer?: unknown;
    }
  | {
      readonly kind: 'delivered';
      readonly id: number;
      readonly seqno?: string;
      readonly warning?: string;
      readonly dateMs?: number;
    }
  | { readonly kind: 'withdrawn'; readonly id: number; readonly why: string }
  /** What was kept about one person was deleted at a request; the digests of the rows stay. */
  | {
      readonly kind: 'erased';
      readonly records: number;
      readonly pictures: number;
      readonly rows: number;
      readonly by: string;
      readonly why: string;
    }
  /** What a person decided, or what was lost: the kinds of incidents. `record`: the SHA-256 of a corrected record's text. */
  | { readonly kind: 'mark'; readonly what: string; readonly detail: unknown; readonly record?: string }
  | { readonly kind: 'blind'; readonly lane: string; readonly gap: unknown }
  /** The management system's record of an entry. `at`: lane time; `key`: the id of the message. */
  | {
      readonly kind: 'entry';
      readonly key: string;
      readonly plate: string;
      readonly at: number;
      readonly wall: number;
      readonly source: string;
      readonly lane?: string;
      readonly serial?: string;
      readonly carType?: string;
      readonly carDesc?: string;
    }
  /** What a vehicle was asked to pay, in fen. `at`: lane time; `key`: the id of the message. */
  | {
      readonly kind: 'charge';
      readonly key: string;
      readonly plate: string;
      readonly at: number;
      readonly wall: number;
      readonly until: number;
      readonly source: string;
      readonly amount: number;
      readonly lane?: string;
    }
  /** Somebody came on duty in these lanes, or went: told by the management system, by PIN at the page, or as the roster says. */
  | {
      readonly kind: 'shift';
      readonly key: string;
      readonly operator: string;
      readonly lanes: readonly string[];
      readonly on: boolean;
      readonly at: number;
      readonly wall: number;
      /** The end, where it is known already; without one a shift ends by another message, or after `SHIFT_LONGEST_MS`. */
      readonly until?: number;
      readonly by: 'message' | 'pin' | 'roster';
      /** A user (`source`) said only that nobody had changed; `by` is how the shift began. */
      readonly affirms?: true;
      readonly source?: string;
    }
  /** Known vehicles were changed. `digest`: the SHA-256 of the changes. */
  | { readonly kind: 'vehicles'; readonly source: string; readonly count: number; readonly digest: string }
  /**
   * A person confirmed a peer near the box, or a version before this one used it (`update`); or it moved an arm and is stopped until a person confirms it
   * (`moved`, from 1.1.0 on). Ed25519, in hex.
   */
  | {
      readonly kind: 'peer';
      readonly use: 'destination' | 'payments' | 'camera' | 'output';
      readonly name: string;
      /** Of what is sent to where, as the configuration writes it. */
      readonly sha256: string;
      readonly by: string;
      readonly how: 'page' | 'command' | 'provision' | 'update' | 'moved';
      readonly wallMs: number;
      readonly key: string;
      readonly signature: string;
    }
  /**
   * From here on the chain knows the rows of these tables, by these columns, and keeps records and rows so long. `taken`: there were so many, of a
   * version that said nothing of them, and they count as they were found.
   */
  | {
      readonly kind: 'tables';
      readonly columns: Readonly<Record<string, readonly string[]>>;
      /** Up to 1.0.0-rc.1 not written. */
      readonly keep?: Retention;
      readonly taken?: number;
    }
  /**
   * Rows of tables as a commit has left them: table, number or key, and of each that is there a digest; `by`: the request that did it, or
   * `retention`, `putBack`, `diskFull`, `salvage`, `update`, `opening`. Up to 1.0.0-rc.1 not written.
   */
  | {
      readonly kind: 'rows';
      readonly by: string;
      readonly now?: readonly (readonly [table: string, ...(string | number)[]])[];
      readonly gone?: readonly (readonly [table: string, ...(string | number)[]])[];
    }
  /** Rows of the journal up to this one go before their time: there are too many, or one lane's take too much. */
  | { readonly kind: 'trimmed'; readonly through: number }
  /** The sheet of a day or a month, once it was final, and what it came to (days/final-sheets.ts). Up to 1.0.0-rc.1 not written. */
  | {
      readonly kind: 'sheet';
      readonly span: string;
      readonly sha256: string;
      readonly sums: Readonly<Record<string, number>>;
    }
  /** Of the program: a pause, a disk that refused, a flood. */
  | { readonly kind: 'report'; readonly report: BoxReport }
  /** What a clock elsewhere said, and by how much it differed from the box's: a second witness of time, once an hour at most. */
  | { readonly kind: 'witness'; readonly source: string; readonly wallMs: number; readonly byMs: number }
  | { readonly kind: 'clock'; readonly source: string; readonly byMs: number; readonly records: number };
