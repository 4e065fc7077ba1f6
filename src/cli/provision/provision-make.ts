/** The operator's side of `lanewarden provision`: his key, and the file made of a description. It writes no file that is there already. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { systemClock } from '../../clock.ts';
import { secretUses } from '../../config/edit.ts';
import { checkConfig } from '../../config/file.ts';
import { Secret, secretsFile } from '../../config/secrets.ts';
import { writtenPeers } from '../../config/written-peers.ts';
import { Problem } from '../../http/problem.ts';
import { tokenHash } from '../../http/tokens.ts';
import { Passwords, requireGood } from '../../page/access/password.ts';
import { type Description, makeProvision, readDescription } from '../../provision/make.ts';
import { ProvisionError } from '../../provision/provision-error.ts';
import { operatorKeyIn, publicKeyOf, shortKey } from '../../provision/provision-file.ts';
import { siteProfilesOf } from '../../provision/site-profiles.ts';
import { cliText } from '../../text/commands/cli.ts';
import { provisionText as text } from '../../text/fleet/provision.ts';
import { UsageError } from '../arguments.ts';
import { type CommandContext, EXIT, ExitError } from '../command.ts';
import { print, remark } from '../output.ts';

export function makeOperatorKey(file: string, context: CommandContext): void {
  if (existsSync(file)) throw new ProvisionError('operatorKey', file);
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  // The key alone, for a file `operator.pub`.
  const publicKey = publicKeyOf(privateKey);
  remark(context, text.keyMade(file, shortKey(publicKey)));
  print(context, publicKey);
}

export async function makeProvisionFile(
  file: string,
  { key, out }: { readonly key?: unknown; readonly out?: unknown },
  context: CommandContext,
): Promise<void> {
  if (typeof key !== 'string' || typeof out !== 'string') throw new UsageError('option', text.needsKeyAndOut);
  const missing = [file, key].find((each) => !existsSync(each));
  if (missing !== undefined) throw new ExitError(EXIT.noInput, cliText.noFile(missing));
  const pem = readFileSync(key, 'utf8');
  const kinds = await context.kinds();
  const described = readDescription(readFileSync(file, 'utf8'));
  const configuration = resolve(dirname(file), described.configuration);
  if (!existsSync(configuration)) throw new ProvisionError('source', configuration);
  const passwords = new Passwords();
  const made = await makeProvision(described, {
    wallMs: systemClock().wallMs(),
    pem,
    configuration: readFileSync(configuration, 'utf8'),
    profiles: await siteProfilesOf(configuration),
    hash: async (password, user) => {
      weakIsSource(password, user);
      return passwords.hash(password);
    },
    tokenHash: (token) => tokenHash(token).toString('hex'),
    check: (yaml, secrets) => {
      // One that is not carried may be on the box already, which looks for itself.
      const own = [...secretUses(yaml).keys()].map((name) => [name, `${'*'.repeat(16)}${name}`] as const);
      const all = { ...Object.fromEntries(own), ...secrets };
      const byName = new Map(Object.entries(all).map(([name, value]) => [name, new Secret(value)]));
      const held = { file: secretsFile(configuration), state: 'read', byName, faults: [] } as const;
      const { config, faults } = checkConfig(configuration, yaml, held, kinds);
      return config === undefined ? { faults, peers: [] } : { faults: config.off, peers: writtenPeers(config) };
    },
  });
  writeFileSync(out, made, { mode: 0o600 });
  const left = notCarried(described, readFileSync(configuration, 'utf8'));
  if (left.length > 0) remark(context, text.notCarried(left));
  const signer = shortKey(publicKeyOf(operatorKeyIn(pem)));
  print(context, text.made(Object.keys(described.boxes).length, out, signer));
}

/** Secrets that the configuration names and some box does not get. */
function notCarried({ secrets, boxes }: Description, configuration: string): readonly string[] {
  const isCarried = (name: string) =>
    secrets[name] !== undefined || Object.values(boxes).every((box) => box.secrets[name] !== undefined);
  return [...secretUses(configuration).keys()].filter((name) => !isCarried(name));
}

function weakIsSource(password: string, user: string): void {
  try {
    requireGood(password, user);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { zh, en } = error.text;
    throw new ProvisionError('source', { zh: `${user}：${zh}`, en: `${user}: ${en}` });
  }
}
