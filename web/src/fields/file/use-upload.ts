import { useMutation } from '@tanstack/react-query';
import type { Field, StoredFile } from '@/api/types';
import { uploadFor } from './upload';

/** What the browser offers to choose for a field. */
export function acceptedBy(field: Field): string | undefined {
  return field.settings.picture ? 'image/jpeg,image/png,image/webp' : undefined;
}

/** Uploads a file for a field. */
export function useUpload(field: Field, onStored: (file: StoredFile) => void) {
  return useMutation({ mutationFn: (chosen: File) => uploadFor(field, chosen), onSuccess: onStored });
}
