/** Which pictures stand side by side for a tailgater: of the vehicle in front only one that is certain to show it. */
import type { ReleaseDetail } from '../../page/api/api.ts';
import type { ReviewView } from '../../page/api/api-duty.ts';

/**
 * Addresses within the box. The frame from just before the follower's picture is none of the vehicle in front: it mostly shows the follower, and stands
 * among the record's own pictures.
 */
export function frontPictures(
  { id, picture }: Pick<ReleaseDetail['row'], 'id' | 'picture'>,
  { record, hasPicture }: NonNullable<ReviewView['front']>,
): { readonly front?: string; readonly follower?: string } {
  return {
    ...(hasPicture === true && { front: `releases/${record}/picture` }),
    ...(picture === 'attached' && { follower: `releases/${id}/picture` }),
  };
}
