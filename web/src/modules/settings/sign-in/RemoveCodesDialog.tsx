import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRemoveCodes } from '@/api/sign-in';
import { showToast } from '@/ui/toast';
import { ProofDialog } from './ProofDialog';

/** Stops asking for codes of the app. */
export function RemoveCodesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('sign-in');
  const remove = useRemoveCodes();
  const [texts, setTexts] = useState({ password: '', code: '' });
  return (
    <ProofDialog
      title={t('remove_title')}
      text={t('remove_text')}
      confirmLabel={t('remove_confirm')}
      codeLabel={t('code')}
      codeHint={t('code_hint')}
      texts={texts}
      error={remove.error}
      isBusy={remove.isPending}
      onType={setTexts}
      onSubmit={() =>
        remove.mutate(texts, {
          onSuccess: () => {
            showToast(t('is_off'));
            onClose();
          },
        })
      }
      onClose={onClose}
    />
  );
}
