/** The pages of platform profiles have every key, fact and list there is, and their examples are accepted and prove each other. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DRIVER_KINDS } from '../../../drivers/index.ts';
import { ConfigDocument } from '../../../src/config/document.ts';
import { checkConfig } from '../../../src/config/file.ts';
import { read } from '../../../src/config/issues.ts';
import { readSecrets } from '../../../src/config/secrets.ts';
import { platformProfiles } from '../../../src/delivery/request/profile.ts';
import { type FactType, RECORD_FACTS } from '../../../src/delivery/request/record-facts.ts';
import { platformTranscript, transcriptDifferences } from '../../../src/delivery/request/transcript.ts';
import { temporaryFolder } from '../../store/open.ts';
import { faultsOf } from './profiles.ts';
import { wordsOf } from './schema-words.ts';

const page = (language: string, name: string): string =>
  readFileSync(new URL(`../../../docs/${language}/${name}.md`, import.meta.url), 'utf8');

describe.each(['zh', 'en'])('docs/%s/platform-profiles.md', (language) => {
  const text = page(language, 'platform-profiles');
  const [useText = '', profileText = '', transcriptText = ''] = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, yaml]) => yaml ?? '',
  );

  it('names every key, choice and fact of the form', () => {
    const words = new Set([
      ...wordsOf(z.toJSONSchema(platformProfiles.schema, { io: 'input' })),
      ...wordsOf(z.toJSONSchema(platformTranscript, { io: 'input' })),
      ...Object.keys(RECORD_FACTS),
      ...Object.values<FactType>(RECORD_FACTS).flatMap((type) => (typeof type === 'string' ? [] : type)),
    ]);
    const absent = [...words].filter(
      (word) => !new RegExp(`(?<![\\w-])${word.replace(/^hmac-/, '')}(?![\\w])`).test(text),
    );
    expect(absent.filter((word) => !/^[0-3]$/.test(word))).toEqual([]);
  });

  it('shows a profile and its transcript that are accepted and agree', () => {
    expect(faultsOf(profileText)).toEqual([]);
    const document = new ConfigDocument('transcript.yaml', transcriptText);
    const { data, faults } = read(platformTranscript, document, [], document.value);
    expect(faults).toEqual([]);
    const profile = platformProfiles.schema.parse(new ConfigDocument('profile.yaml', profileText).value);
    expect(data && transcriptDifferences(profile, data)).toEqual([]);
  });

  it('shows a destination that is accepted', () => {
    const file = join(temporaryFolder(), 'lanewarden.yaml');
    writeFileSync(join(dirname(file), 'secrets.yaml'), 'other.key: "0123456789abcdef"\n', { mode: 0o600 });
    const { faults } = checkConfig(file, useText, readSecrets(file), { driverKinds: DRIVER_KINDS, cameraKinds: [] });
    expect(faults.filter(({ path }) => path.startsWith('destinations'))).toEqual([]);
    const wrong = useText.replace('parkUuid:', 'parkUid:').replace('appSecret:', 'secret:').replace('field ', 'filed ');
    const found = checkConfig(file, wrong, readSecrets(file), { driverKinds: DRIVER_KINDS, cameraKinds: [] }).faults;
    expect(found.filter(({ path }) => path.startsWith('destinations')).map(({ message }) => message.en)).toEqual([
      'the profile asks for "parkUuid" in values',
      'this profile has no "parkUid"',
      'the profile asks for "appSecret" in secrets',
      'this profile has no "secret"',
      'the platform profile has no picture mode "filed"',
    ]);
  });
});
