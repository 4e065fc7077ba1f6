/** The pages of intake profiles have every key and choice there is, and their examples are accepted and prove each other. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DRIVER_KINDS } from '../../drivers/index.ts';
import { ConfigDocument } from '../../src/config/document.ts';
import { checkConfig } from '../../src/config/file.ts';
import { read } from '../../src/config/issues.ts';
import { readSecrets } from '../../src/config/secrets.ts';
import { intakeProfiles } from '../../src/management/profile.ts';
import { intakeDifferences, intakeTranscript } from '../../src/management/transcript.ts';
import { wordsOf } from '../delivery/request/schema-words.ts';
import { temporaryFolder } from '../store/open.ts';

const page = (language: string, name: string): string =>
  readFileSync(new URL(`../../docs/${language}/${name}.md`, import.meta.url), 'utf8');

describe.each(['zh', 'en'])('docs/%s/intake-profiles.md', (language) => {
  const text = page(language, 'intake-profiles');
  const block = (name: string): string => {
    const from = text.indexOf(`<!-- file: ${name} -->\n`);
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(text.slice(from)) ?? [];
    return yaml;
  };

  it('names every key and choice of the form', () => {
    const words = new Set([
      ...wordsOf(z.toJSONSchema(intakeProfiles.schema, { io: 'input' })),
      ...wordsOf(z.toJSONSchema(intakeTranscript, { io: 'input' })),
    ]);
    const absent = [...words].filter(
      (word) => !new RegExp(`(?<![\\w-])${word.replace(/^hmac-/, '')}(?![\\w])`).test(text),
    );
    expect(absent).toEqual([]);
  });

  it('shows a profile and its transcript that are accepted and agree', () => {
    const profile = new ConfigDocument('profile.yaml', block('my-system.yaml'));
    expect(read(intakeProfiles.schema, profile, [], profile.value).faults).toEqual([]);
    const document = new ConfigDocument('transcript.yaml', block('transcripts/my-system.yaml'));
    const { data, faults } = read(intakeTranscript, document, [], document.value);
    expect(faults).toEqual([]);
    expect(data && intakeDifferences(intakeProfiles.schema.parse(profile.value), data)).toEqual([]);
  });

  function faultsOf(yaml: string): readonly string[] {
    const file = join(temporaryFolder(), 'lanewarden.yaml');
    const secrets = 'booth.key: "0123456789abcdef"\nbooth.password: "0123456789abcdef"\n';
    writeFileSync(join(dirname(file), 'secrets.yaml'), secrets, { mode: 0o600 });
    const lanes = 'lanes: [{ id: "1001", direction: exit, points: {} }]\n';
    return checkConfig(file, lanes + yaml, readSecrets(file), { driverKinds: DRIVER_KINDS, cameraKinds: [] })
      .faults.filter(({ path }) => path.startsWith('intake'))
      .map(({ path, message }) => `${path}: ${message.en}`)
      .sort();
  }

  it('shows a system that is accepted', () => {
    expect(faultsOf(block('intake.yaml'))).toEqual([]);
    const wrong = block('intake.yaml')
      .replace('"1001"', '"1002"')
      .replace('ckey:', 'key:')
      .replace('enabled: true', 'enabled: false');
    expect(faultsOf(wrong)).toEqual([
      'intake.systems[0].lanes.A11: there is no lane "1002"',
      'intake.systems[0].profile: this system pushes to the box, and no port is open',
      'intake.systems[0].secrets.key: this profile has no "key"',
      'intake.systems[0].secrets: the profile asks for "ckey" in secrets',
    ]);
  });

  it('shows a database that is accepted, and its authority is a file of certificates and needs encryption', () => {
    expect(faultsOf(block('pull.yaml'))).toEqual([]);
    const written = (more: string) => block('pull.yaml').replace('kind: mysql', `kind: mysql, ${more}`);
    expect(faultsOf(written('ca: missing.pem'))).toEqual([
      expect.stringMatching(/^intake\.systems\[0]\.database\.ca: .* cannot be read \(ENOENT\)$/),
      'intake.systems[0].database.ca: there is a ca, and the connection is not encrypted',
    ]);
    expect(faultsOf(written('tls: true, ca: secrets.yaml'))).toEqual([
      expect.stringMatching(/^intake\.systems\[0]\.database\.ca: .* holds no PEM certificate/),
    ]);
  });
});
