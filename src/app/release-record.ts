/** What a lane decided, as the record that the store keeps and the platform gets. It knows no store and no platform. */
import type { CloudConfig, LaneConfig } from '../config/types.ts';
import type { Release } from '../lane/types.ts';
import type { NewRecord } from '../store/record-types.ts';
import { descText, reasonText } from '../text/lane.ts';

/** What the platform reads is Chinese, whatever the language of the box. `serial`: whether an entry record that a paid exit told becomes the serial. */
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
