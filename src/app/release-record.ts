/** A lane's release as the record for the store and the platform. It knows neither. */
import type { CloudConfig, LaneConfig } from '../config/types.ts';
import type { Release } from '../lane/types.ts';
import type { NewRecord } from '../store/record-types.ts';
import { descText, reasonText } from '../text/lane.ts';

/**
 * The platform gets Chinese text, whatever the language of the box. `serial`: whether the entry record named by a paid exit becomes the
 * serial.
 */
export function releaseRecord(
  lane: LaneConfig,
  release: Release,
  releaseWallMs: number,
  serial: CloudConfig['serial'],
): NewRecord {
  const { parkingSerial } = release;
  return {
    laneId: lane.id,
    gateId: lane.id,
    gateName: lane.name,
    release,
    releaseWallMs,
    reason: reasonText(release).zh,
    methodDesc: descText(release.desc).zh,
    ...(serial === 'entry-record' && parkingSerial !== undefined && { entrySerial: parkingSerial }),
  };
}
