/** Texts about a destination of kind `platform`: faults of its configuration, and what it reports. */
import { platformDestinationFaults, platformDestinationText as texts } from './platform.made.ts';

export const platformDestinationText = { ...platformDestinationFaults, ...texts };
