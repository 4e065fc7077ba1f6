/** What a provisioning file says and would change on this box: for the command and the page. It changes nothing but that the box has a key afterwards. */
import { join } from 'node:path';
import { secretsFile } from '../config/secrets.ts';
import { boxName } from '../page/access/box-name.ts';
import { readText } from '../small-file.ts';
import type { Changes } from './change-rows.ts';
import { changesOf } from './changes.ts';
import { type ProvisionFile, readProvision } from './provision-file.ts';
import { type Rendered, renderFor } from './render.ts';
import { openSealKey } from './seal.ts';
import { siteProfilesOf } from './site-profiles.ts';

export interface BoxPlaces {
  readonly configFile: string;
  readonly stateFolder: string;
}

/** Name and key of the box, as the operator seals for it. */
export async function boxIdentity({
  stateFolder,
}: BoxPlaces): Promise<{ readonly name: string; readonly key: string }> {
  const { publicKey } = await openSealKey(join(stateFolder, 'page'));
  return { name: boxName(), key: publicKey };
}

/** Throws ProvisionError: whatever is wrong with it for this box, but for its operator. */
export async function lookAt(
  text: string,
  { configFile, stateFolder }: BoxPlaces,
): Promise<{ readonly file: ProvisionFile; readonly rendered: Rendered; readonly changes: Changes }> {
  const file = readProvision(text);
  const rendered = renderFor(file, boxName(), await openSealKey(join(stateFolder, 'page')));
  const changes = changesOf(rendered, {
    yaml: (await readText(configFile)) ?? '',
    secrets: (await readText(secretsFile(configFile))) ?? '',
    profiles: await siteProfilesOf(configFile),
  });
  return { file, rendered, changes };
}
