/** A record prepared to be sent at once: marked in the store, read as it is now, its body built and signed. It knows no connection. */
import type { OutboxRecord } from '../../store/record-types.ts';
import type { Outbox, SendingRecord } from '../../store/types.ts';
import type { PlatformClient, Prepared } from '../platform-client.ts';

export interface ReadyRecord extends SendingRecord {
  readonly prepared: Prepared;
}

export interface ReadyParts {
  readonly outbox: Outbox;
  readonly client: Pick<PlatformClient, 'facts' | 'prepare'>;
  readonly withPictures?: boolean;
}

/** undefined: no longer waiting; a person may have dropped it, or the engine withdrawn it. */
export async function readyRecord(id: number, parts: ReadyParts): Promise<ReadyRecord | undefined> {
  const found = await parts.outbox.sending(id, parts.withPictures ?? true);
  if (found === undefined) return undefined;
  let prepared: Prepared | undefined;
  try {
    prepared = await preparedOf(found.record, found.picture, parts);
  } finally {
    if (prepared === undefined) found.picture?.giveBack();
  }
  return prepared && { ...found, prepared };
}

/** undefined: no body can be built, so the record is parked. Otherwise it would end the program at every start. */
async function preparedOf(
  record: OutboxRecord,
  picture: SendingRecord['picture'],
  { client, outbox }: ReadyParts,
): Promise<Prepared | undefined> {
  // A picture found too large is left out, so that its record is delivered.
  const isTooBig = picture !== undefined && record.lastWhy?.startsWith('tooBig') === true;
  const prepared = async () => client.prepare(client.facts(record), isTooBig ? undefined : picture);
  const made = record.damaged ? 'its text is damaged' : await prepared().catch((error: Error) => error.message);
  if (typeof made !== 'string') return isTooBig ? { ...made, note: 'pictureTooBig' } : made;
  await outbox.park(record.id, `unsendable: ${made}`);
  return undefined;
}
