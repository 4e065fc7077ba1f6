/**
 * What a box consists of, beside its configuration and its database: where each file is, and its name in a backup. Names are the only thing
 * taken from a backup of unknown origin, so each must fit one of these forms. It reads and writes nothing but folders.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { peekValue } from '../config/edit.ts';
import { DATABASE_FILE } from '../store/thread/database.ts';

/** Locations of everything in a backup. */
export interface BoxFiles {
  readonly configFile: string;
  readonly stateFolder: string;
}

export const CONFIG_PART = 'lanewarden.yaml';
export const DATABASE_PART = DATABASE_FILE;
const SMALL_MAX_BYTES = 4_000_000;
const PICTURE_MAX_BYTES = 20_000_000;

/** Larger entries are refused: a zip could claim any size. `locked`: only ever within the part that a passphrase encrypts. */
interface PartForm {
  readonly name: RegExp;
  /** The folder it is in, and stays below. */
  readonly root: 'config' | 'state';
  readonly bytesMax: number;
  readonly locked?: true;
}

const FORMS: readonly PartForm[] = [
  { name: /^lanewarden\.yaml$/, root: 'config', bytesMax: SMALL_MAX_BYTES },
  { name: /^lanewarden\.db$/, root: 'state', bytesMax: 4_000_000_000 },
  { name: /^profiles\/[\w-][\w.-]{0,99}\.yaml$/, root: 'config', bytesMax: SMALL_MAX_BYTES },
  { name: /^ca\/(cloud|mqtt|intake\.mqtt)\.pem$/, root: 'config', bytesMax: SMALL_MAX_BYTES },
  { name: /^provision\/(operator\.pub|applied\.json)$/, root: 'state', bytesMax: SMALL_MAX_BYTES },
  { name: /^page\/(audit|refusals)(\.older)?\.jsonl$/, root: 'state', bytesMax: SMALL_MAX_BYTES },
  { name: /^commissioning\.json$/, root: 'state', bytesMax: SMALL_MAX_BYTES },
  { name: /^commissioning-[\w%.~!*'()-]{1,200}\.jpg$/, root: 'state', bytesMax: PICTURE_MAX_BYTES },
  { name: /^config\/history\/\d{6,12}\.json$/, root: 'state', bytesMax: SMALL_MAX_BYTES },
  { name: /^frames\/[\w-]{1,100}\.jpg$/, root: 'state', bytesMax: PICTURE_MAX_BYTES },
  { name: /^secrets\.yaml$/, root: 'config', bytesMax: SMALL_MAX_BYTES, locked: true },
  { name: /^page\/users\.json$/, root: 'state', bytesMax: SMALL_MAX_BYTES, locked: true },
  { name: /^page\/tokens\.json$/, root: 'state', bytesMax: SMALL_MAX_BYTES, locked: true },
  { name: /^page\/seal-key\.pem$/, root: 'state', bytesMax: SMALL_MAX_BYTES, locked: true },
  { name: /^page\/certificate\.pem$/, root: 'state', bytesMax: SMALL_MAX_BYTES, locked: true },
  { name: /^config\/good\.json$/, root: 'state', bytesMax: SMALL_MAX_BYTES, locked: true },
];

/** undefined: a backup has nothing of this name there. */
export function partForm(name: string, locked: boolean): PartForm | undefined {
  return FORMS.find((form) => form.name.test(name) && (form.locked === true) === locked);
}

/** Where a part belongs on this box. Certificates are put where the configuration names them (`certificatePlaces`). */
export function partPlace(box: BoxFiles, name: string): string {
  if (name === CONFIG_PART) return box.configFile;
  const isConfig = FORMS.find((form) => form.name.test(name))?.root === 'config';
  return join(isConfig ? dirname(resolve(box.configFile)) : box.stateFolder, name);
}

/** The small files of a box, by their names in a backup. Pictures of records and the database are the store's to name. */
export function smallParts(box: BoxFiles, yaml: string): { readonly open: Parts; readonly locked: Parts } {
  const config = dirname(resolve(box.configFile));
  const found = new Map<string, string>([
    ...filesIn(join(config, 'profiles'), 'profiles/'),
    ...filesIn(box.stateFolder, ''),
    ...filesIn(join(box.stateFolder, 'page'), 'page/'),
    ...filesIn(join(box.stateFolder, 'provision'), 'provision/'),
    ...filesIn(join(box.stateFolder, 'config'), 'config/'),
    ...filesIn(join(box.stateFolder, 'config/history'), 'config/history/'),
    ['secrets.yaml', join(config, 'secrets.yaml')],
    ...certificatePlaces(box, yaml).map(({ name, path }) => [name, path] as const),
  ]);
  found.delete(DATABASE_PART);
  const fitting = (locked: boolean): Parts =>
    new Map([...found].filter(([name, path]) => isSmall(path, partForm(name, locked)?.bytesMax)));
  return { open: fitting(false), locked: fitting(true) };
}

type Parts = ReadonlyMap<string, string>;

const isSmall = (path: string, bytesMax = -1): boolean => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size <= bytesMax;
};

function filesIn(folder: string, prefix: string): readonly (readonly [string, string])[] {
  try {
    return readdirSync(folder).map((name) => [`${prefix}${name}`, join(folder, name)] as const);
  } catch {
    return [];
  }
}

/** A certificate that the configuration names. */
export interface CertificatePlace {
  readonly name: string;
  /** In the configuration. */
  readonly key: readonly string[];
  readonly path: string;
  /** Beside the configuration, where the service may write. */
  readonly isOwn: boolean;
  /** Its file beside the configuration, where it is put when it is not its own. */
  readonly moved: string;
}

export function certificatePlaces({ configFile }: BoxFiles, yaml: string): readonly CertificatePlace[] {
  const folder = dirname(resolve(configFile));
  return [['cloud'], ['mqtt'], ['intake', 'mqtt']].flatMap((part) => {
    const written = peekValue(yaml, [...part, 'ca']);
    if (typeof written !== 'string' || written === '') return [];
    const path = resolve(folder, written);
    const isOwn = !relative(folder, path).startsWith('..');
    const moved = `${part.join('-')}-${basename(path)}`;
    return [{ name: `ca/${part.join('.')}.pem`, key: [...part, 'ca'], path, isOwn, moved }];
  });
}
