/** What is wrong with a configuration, as data: every fault with its place and what to do. Knows no schema and no file format. */
import type { Text } from '../text/text.ts';

export type ConfigFaultCode =
  | 'syntax' // not YAML
  | 'unknownKey' // a key that the format does not have
  | 'missing' // a key that must be there
  | 'type' // a value of another type
  | 'value' // a value out of its range or choices
  | 'duplicate' // an id, point or port that is already taken
  | 'reference' // the name of something that does not exist
  | 'file' // a file that is named and cannot be read, or is not what it should be
  | 'secret'; // a secret that is missing, unusable or open to others

/** `path` is for people (`lanes[0].points.down`); line and column count from 1, and are those of `file`. */
export interface ConfigFault {
  readonly code: ConfigFaultCode;
  readonly file: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: Text;
  readonly hint: Text;
}

export type ConfigErrorCode =
  | 'noInput' // there is no such file
  | 'unreadable' // there is one, and we may not or cannot read it
  | 'invalid'; // it was read, and `faults` says what is wrong

/** A configuration that cannot be used, with every fault of it at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigErrorCode;
  readonly file: string;
  readonly text: Text;
  readonly faults: readonly ConfigFault[];
  constructor(code: ConfigErrorCode, file: string, text: Text, faults: readonly ConfigFault[] = []) {
    super(text.en);
    this.code = code;
    this.file = file;
    this.text = text;
    this.faults = faults;
  }
}
