/** What a provisioning file means for one box: its row, its configuration with the places filled, and what was sealed for it. */
import { fillPlaces } from '../config/edit.ts';
import { provisionText } from '../text/fleet/provision.ts';
import { ProvisionError } from './provision-error.ts';
import { type ProvisionFile, readSealed, type SealedPart } from './provision-file.ts';
import type { SealKey } from './seal.ts';

export interface Rendered {
  /** The name of its row. */
  readonly row: string;
  readonly yaml: string;
  readonly profiles: Readonly<Record<string, string>>;
  readonly part: SealedPart;
  /** Peers near the box, by name. */
  readonly confirms: readonly string[];
}

const NOTHING: SealedPart = { secrets: {}, users: [], tokens: [] };

/**
 * A row with this box's key is its row, whatever its name: names of two boxes can be alike, keys cannot. Throws ProvisionError: `otherBox`,
 * `otherKey`, `notSealed`, `places`.
 */
export function renderFor({ body }: ProvisionFile, boxName: string, key: SealKey): Rendered {
  const [row, box] = rowOf(body.boxes, boxName, key.publicKey);
  const opened = box.sealed === undefined ? undefined : key.open(box.sealed, row);
  if (box.key !== undefined && opened === undefined) throw new ProvisionError('notSealed', row);
  const filled = fillPlaces(body.configuration, box.values);
  if (filled === undefined || filled.missing.length > 0)
    throw new ProvisionError('places', filled === undefined ? provisionText.noYaml : filled.missing.join(', '));
  const { profiles, confirms = [] } = body;
  return { row, yaml: filled.text, profiles, confirms, part: opened === undefined ? NOTHING : readSealed(opened) };
}

function rowOf(boxes: ProvisionFile['body']['boxes'], boxName: string, key: string) {
  const own = Object.entries(boxes).find(([, box]) => box.key === key);
  if (own !== undefined) return own;
  const named = boxes[boxName];
  if (named === undefined) throw new ProvisionError('otherBox', boxName);
  if (named.key !== undefined) throw new ProvisionError('otherKey', boxName);
  return [boxName, named] as const;
}
