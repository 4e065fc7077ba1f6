/** Each platform profile of ours has a transcript that proves it; a further platform is one YAML and one transcript, and no code. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConfigDocument } from '../../../src/config/document.ts';
import { read } from '../../../src/config/issues.ts';
import { profileNames, readProfile } from '../../../src/config/profiles.ts';
import { platformProfiles } from '../../../src/delivery/request/profile.ts';
import type { PlatformProfile } from '../../../src/delivery/request/profile-form.ts';
import { platformTranscript, transcriptDifferences } from '../../../src/delivery/request/transcript.ts';

const HELD_BACK = new URL('./held-back/', import.meta.url);

const places = [
  { folder: platformProfiles.folder, transcripts: new URL('../../transcripts/platforms/', import.meta.url) },
  { folder: HELD_BACK, transcripts: new URL('./transcripts/', HELD_BACK) },
].flatMap((place) => profileNames({ ...place, schema: platformProfiles.schema }).map((name) => ({ ...place, name })));

describe.each(places)('$name', ({ name, folder, transcripts }) => {
  const { profile, faults } = readProfile({ folder, schema: platformProfiles.schema }, name);
  const file = new URL(`${name}.yaml`, transcripts);
  const document = new ConfigDocument(fileURLToPath(file), readFileSync(file, 'utf8'));
  const { data, faults: wrong } = read(platformTranscript, document, [], document.value);

  it('is well formed, and so is its transcript', () => {
    expect([...faults, ...document.faults, ...wrong].map(({ path, message }) => `${path}: ${message.en}`)).toEqual([]);
    expect(data?.profile).toBe(name);
  });

  it('gives every example byte for byte, and every answer its meaning', () => {
    if (data === undefined) return expect.unreachable();
    expect(transcriptDifferences(profile as PlatformProfile, data)).toEqual([]);
  });
});

it('no transcript is without its profile', () => {
  for (const { transcripts } of places)
    expect(places.map(({ name }) => `${name}.yaml`)).toEqual(expect.arrayContaining(readdirSync(transcripts)));
});

it('an example of the platform’s own documents proves two of them', () => {
  const published = places.filter(({ name, transcripts }) =>
    /from: published\n/.test(readFileSync(new URL(`${name}.yaml`, transcripts), 'utf8')),
  );
  expect(published.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['bolink-upload-liftrod', 'tdznyun-enter-notify']),
  );
});
