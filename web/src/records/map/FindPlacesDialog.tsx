import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useFindPlaces, type BulkInput } from '@/api/records';
import { ConfirmDialog } from '@/ui/Dialog';
import { showToast } from '@/ui/toast';

export interface FindPlacesDialogProps {
  type: string;
  /** How many cards, as people read it. */
  number: string;
  target: Pick<BulkInput, 'ids' | 'filter'>;
  onStarted?: () => void;
  onClose: () => void;
}

/** Says what goes out and how long it takes before addresses are asked of the address service. */
export function FindPlacesDialog({ type, number, target, onStarted, onClose }: FindPlacesDialogProps) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const find = useFindPlaces(type);
  return (
    <ConfirmDialog
      title={t('places.title', { number })}
      confirmLabel={t('places.confirm')}
      isBusy={find.isPending}
      onConfirm={() =>
        find.mutate(target, {
          onSuccess: () => {
            onClose();
            onStarted?.();
            showToast(t('places.started', { number }));
          },
          onError: (error) => {
            onClose();
            showToast(errorText(error), { tone: 'error' });
          },
        })
      }
      onClose={onClose}
    >
      {t('places.text')}
    </ConfirmDialog>
  );
}
