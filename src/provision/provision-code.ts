/** Why a provisioning file is refused, made or not: the codes of ProvisionError. */

export type ProvisionCode =
  | 'damaged' // no provisioning file, or not whole
  | 'signature' // changed after it was signed
  | 'noOperator' // right, but this box trusts no operator yet
  | 'otherTrust' // right, and the key that a person gave for its operator is another
  | 'otherOperator' // signed by a key that this box does not trust
  | 'otherBox' // no row of it is for this box
  | 'otherKey' // sealed for a key that is not this box's
  | 'notSealed' // the row has a key of the box, and what it should have sealed is missing or changed
  | 'older' // made before the one that was applied last
  | 'places' // the row lacks values for places of the configuration
  | 'profile' // would change a device profile that is in use
  | 'configuration' // the configuration has faults
  | 'source' // the description it is made from has faults
  | 'operatorKey' // no private key, or a file that is there already
  | 'notWell' // applied, not well, and the former configuration is back
  | 'interrupted'; // the program ended meanwhile, and the former configuration is back
