/** Each intake profile of ours has a transcript that proves it; a further management system is one YAML and one transcript, and no code. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConfigDocument } from '../../src/config/document.ts';
import { read } from '../../src/config/issues.ts';
import { profileNames, readProfile } from '../../src/config/profiles.ts';
import { intakeProfiles } from '../../src/management/profile.ts';
import type { IntakeProfile } from '../../src/management/profile-form.ts';
import { intakeDifferences, intakeTranscript } from '../../src/management/transcript.ts';

const HELD_BACK = new URL('./held-back/', import.meta.url);

const places = [
  { folder: intakeProfiles.folder, transcripts: new URL('../transcripts/intake/', import.meta.url) },
  { folder: HELD_BACK, transcripts: new URL('./transcripts/', HELD_BACK) },
].flatMap((place) => profileNames({ ...place, schema: intakeProfiles.schema }).map((name) => ({ ...place, name })));

describe.each(places)('$name', ({ name, folder, transcripts }) => {
  const { profile, faults } = readProfile({ folder, schema: intakeProfiles.schema }, name);
  const file = new URL(`${name}.yaml`, transcripts);
  const document = new ConfigDocument(fileURLToPath(file), readFileSync(file, 'utf8'));
  const { data, faults: wrong } = read(intakeTranscript, document, [], document.value);

  it('is well formed, and so is its transcript', () => {
    expect([...faults, ...document.faults, ...wrong].map(({ path, message }) => `${path}: ${message.en}`)).toEqual([]);
    expect(data?.profile).toBe(name);
  });

  it('gives every payment, and every answer byte for byte', () => {
    if (data === undefined) return expect.unreachable();
    expect(intakeDifferences(profile as IntakeProfile, data)).toEqual([]);
  });
});

it('no transcript is without its profile', () => {
  for (const { transcripts } of places)
    expect(places.map(({ name }) => `${name}.yaml`)).toEqual(expect.arrayContaining(readdirSync(transcripts)));
});
