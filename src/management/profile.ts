/** An intake profile as it is read from its YAML file: its form, and that its parts fit together. */
import { z } from 'zod';
import { checkIntakeProfile } from './profile-checks.ts';
import { intakeProfileForm } from './profile-form.ts';

const intakeProfile = z.lazy(() => intakeProfileForm().superRefine(checkIntakeProfile));

/** Shipped profiles, one YAML file each; a site's own stand beside its configuration. */
export const intakeProfiles = { folder: new URL('./profiles/', import.meta.url), schema: intakeProfile } as const;
