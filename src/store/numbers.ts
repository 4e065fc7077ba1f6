/**
 * Numbers without gaps for what leaves the box over one destination, so that whoever receives it sees what is missing. They are reserved in blocks,
 * because a message must be able to leave while the disk refuses; messages are kept until the destination has them.
 */

export interface NumberedMessage {
  /** Random; a new one begins with each chain of evidence, with numbers from 1. */
  readonly series: string;
  readonly n: number;
  readonly topic: string;
  readonly payload: string;
}

export interface NumberBlock {
  readonly series: string;
  readonly first: number;
  readonly last: number;
}

export interface Numbering {
  readonly series: string;
  /** A run of the program that did not end in peace had reserved these: they were not used, or left the box in its last moment. */
  readonly notUsed?: { readonly first: number; readonly last: number };
  /** Kept and not known to have arrived, oldest first. */
  readonly waiting: readonly NumberedMessage[];
  /** The newest record that was told of over this destination. */
  readonly record: number;
}

export interface Numbers {
  open(): Promise<Numbering>;
  /** The next block. Of another series where the database was replaced in the middle of a run: the former one ends with what was given of it. */
  reserve(): Promise<NumberBlock>;
  /** `record`: what it tells of, where it tells of one. */
  keep(message: NumberedMessage, record?: number): Promise<void>;
  /** The destination has it. */
  arrived(message: NumberedMessage): Promise<void>;
  /** At an end in peace: numbers behind this one were not used. */
  giveBack(last: number): Promise<void>;
}
