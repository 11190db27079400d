/** Sends a file for a field. */
import { api, ApiError, type UploadOptions } from '@/api/client';
import type { Field, StoredFile } from '@/api/types';

const BYTES_OF_A_MEGABYTE = 1024 * 1024;

/** One that is larger than the field takes is refused before it is sent. */
export async function uploadFor(field: Field, chosen: File, options: Omit<UploadOptions, 'query'> = {}): Promise<StoredFile> {
  const limit = field.settings.max_bytes;
  if (limit !== undefined && chosen.size > limit) {
    throw new ApiError({ status: 422, code: 'file_over_limit', params: { max_megabytes: limit / BYTES_OF_A_MEGABYTE } });
  }
  return await api.upload<StoredFile>('/files', chosen, { ...options, query: { name: chosen.name, field_id: field.id } });
}
