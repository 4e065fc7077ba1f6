/** What the reading thread is asked and answers. Plain data; no value of it is a piece of SQL of anybody's own. */
import type { FileForm } from '../profile-form.ts';
import type { SqlDialect, Statement } from './statements.ts';

/** A database, as the configuration has it. */
export interface DatabaseSource {
  readonly dialect: SqlDialect;
  readonly host: string;
  readonly port?: number | undefined;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly tls: boolean;
  /** PEM certificates that are trusted in place of the well-known ones. */
  readonly ca?: string;
  /** Of SQLite. */
  readonly file: string;
}

/** A row: every value as text; what is NULL is left out. */
export type SourceRow = Readonly<Record<string, string>>;

/** Where a file was read to. `head`: a digest of its beginning, so that another file under its name is known. */
export interface FilePlace {
  readonly path: string;
  readonly offset: number;
  readonly head: string;
  /** Bytes that the digest is of. */
  readonly headBytes: number;
}

export type SourceRequest =
  | { readonly kind: 'sql'; readonly system: string; readonly source: DatabaseSource; readonly statement: Statement }
  | {
      readonly kind: 'file';
      readonly system: string;
      readonly path: string;
      readonly form: FileForm;
      readonly place: FilePlace | undefined;
      /** Begin at the end: only what is written from now on, and the last line when `newest`. */
      readonly from: 'start' | 'end' | 'newest';
      readonly limit: number;
    }
  | { readonly kind: 'close'; readonly system: string };

export type SourceAnswer =
  | { readonly rows: readonly SourceRow[]; readonly place?: FilePlace; readonly more?: boolean }
  | { readonly fault: string; readonly known?: KnownFault };

/** What the site can be told: an encrypted connection where it is known who the server is not, or that has none; an answer that is no page of rows. */
export type KnownFault = 'certificate' | 'notEncrypted' | 'tooLong';
