import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useErrorText } from '@/api/errors';
import { ErrorState } from '@/ui/EmptyState';

/** A screen that could not be drawn at all. */
export function LoadError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const errorText = useErrorText();
  return (
    <ErrorState
      message={errorText(error)}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}
