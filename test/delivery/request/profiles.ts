/** Platform profiles for tests: ours by name, and any other from its text. */
import { ConfigDocument } from '../../../src/config/document.ts';
import type { ConfigFault } from '../../../src/config/errors.ts';
import { read } from '../../../src/config/issues.ts';
import { readProfile } from '../../../src/config/profiles.ts';
import { platformProfiles } from '../../../src/delivery/request/profile.ts';
import type { PlatformProfile } from '../../../src/delivery/request/profile-form.ts';

export function shippedProfile(name: string): PlatformProfile {
  const { profile, faults } = readProfile(platformProfiles, name);
  if (faults.length > 0) throw new Error(faults.map(({ path, message }) => `${path}: ${message.en}`).join('\n'));
  return profile as PlatformProfile;
}

/** The faults of a profile, as `lint` tells them. */
export function faultsOf(text: string): readonly ConfigFault[] {
  const document = new ConfigDocument('profile.yaml', text);
  return document.faults.length > 0
    ? document.faults
    : read(platformProfiles.schema, document, [], document.value).faults;
}
