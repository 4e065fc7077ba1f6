/** A lane's release as the record for the store and the platform. It knows neither. */
import type { CloudConfig, LaneConfig } from '../config/types.ts';
import type { Release } from '../lane/types.ts';
import type { NewRecord } from '../store/record-types.ts';
import { descText } from '../text/lanes/lane.ts';
import { recordReason } from './record-reason.ts';
import type { RecordKnowledge } from './register/park-register.ts';

/**
 * The platform gets Chinese text, whatever the language of the box. `serial`: whether the entry record told for the vehicle becomes the
 * serial.
 */
export function releaseRecord(
  lane: LaneConfig,
  release: Release,
  releaseWallMs: number,
  serial: CloudConfig['serial'],
  { known, operator, operatorBy, entrySerial = release.parkingSerial }: RecordKnowledge = {},
): NewRecord {
  return {
    laneId: lane.id,
    gateId: lane.id,
    gateName: lane.name,
    release,
    releaseWallMs,
    reason: recordReason(release, releaseWallMs, known).zh,
    methodDesc: descText(release.desc).zh,
    ...(known && { known }),
    ...(operator !== undefined && { operator }),
    ...(operatorBy !== undefined && { operatorBy }),
    ...(serial === 'entry-record' && entrySerial !== undefined && { entrySerial }),
  };
}
