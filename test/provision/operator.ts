/** The operator's desk of these tests: a key, a description, and the commands as he types them. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provisionCommand } from '../../src/cli/provision/provision.ts';
import { programRun } from '../cli/program-run.ts';

export const provision = (...words: readonly string[]) =>
  programRun([provisionCommand], ['provision', ...words, '--lang', 'en'], {});

export interface Operator {
  readonly folder: string;
  /** Public, in hex. */
  readonly key: string;
  /** Makes a file of this configuration; `boxes` and the rest of the description as YAML. Returns its path. */
  make(configuration: string, description: string): Promise<string>;
}

export async function operator(): Promise<Operator> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-operator-'));
  const pem = join(folder, 'operator.pem');
  const { out } = await provision('key', pem);
  let made = 0;
  return {
    folder,
    key: out.trim(),
    make: async (configuration, description) => {
      made += 1;
      const [source, file] = [join(folder, `fleet-${made}.yaml`), join(folder, `fleet-${made}.lwp`)];
      writeFileSync(join(folder, 'template.yaml'), configuration);
      writeFileSync(source, `configuration: template.yaml\n${description}`);
      const { code, err } = await provision('make', source, '--key', pem, '--out', file);
      if (code !== 0) throw new Error(err);
      return file;
    },
  };
}

/** Every string of the signed body replaced, the signature kept. */
export function tampered(file: string, from: string, to: string): string {
  const text = readFileSync(file, 'utf8');
  const other = `${file}.changed`;
  writeFileSync(other, text.replace(from, to));
  return other;
}
