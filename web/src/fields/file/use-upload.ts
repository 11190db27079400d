import { useMutation } from '@tanstack/react-query';
import { api, ApiError } from '@/api/client';
import type { Field, StoredFile } from '@/api/types';

const BYTES_OF_A_MEGABYTE = 1024 * 1024;

/** What the browser offers to choose for a field. */
export function acceptedBy(field: Field): string | undefined {
  return field.settings.picture ? 'image/jpeg,image/png,image/webp' : undefined;
}

/** Uploads a file for a field. One that is larger than the field takes is refused before it is sent. */
export function useUpload(field: Field, onStored: (file: StoredFile) => void) {
  return useMutation({
    mutationFn: async (chosen: File) => {
      const limit = field.settings.max_bytes;
      if (limit !== undefined && chosen.size > limit) {
        throw new ApiError({ status: 422, code: 'file_over_limit', params: { max_megabytes: limit / BYTES_OF_A_MEGABYTE } });
      }
      return await api.upload<StoredFile>('/files', chosen, { query: { name: chosen.name, field_id: field.id } });
    },
    onSuccess: onStored,
  });
}
