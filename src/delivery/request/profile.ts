/** A platform profile as it is read from its YAML file: its form, and that its parts fit together. */
import { z } from 'zod';
import { checkProfile } from './profile-checks.ts';
import { profileForm } from './profile-form.ts';

const platformProfile = z.lazy(() => profileForm().superRefine(checkProfile));

/** Shipped profiles, one YAML file each; a site's own stand beside its configuration. */
export const platformProfiles = { folder: new URL('../profiles/', import.meta.url), schema: platformProfile } as const;
