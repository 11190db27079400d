import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRemovePasskey, type Passkey } from '@/api/passkeys';
import { showToast } from '@/ui/toast';
import { ProofDialog } from './ProofDialog';

/** The password, and for the last second step a recovery code. */
export function RemovePasskeyDialog({ passkey, isLast, onClose }: { passkey: Passkey; isLast: boolean; onClose: () => void }) {
  const { t } = useTranslation('sign-in');
  const remove = useRemovePasskey();
  const [texts, setTexts] = useState({ password: '', code: '' });

  function submit(): void {
    const proof = { id: passkey.id, password: texts.password, code: isLast ? texts.code : undefined };
    // The row may be gone with its key before the answer is told here; what is refused is shown by the dialog.
    remove.mutateAsync(proof).then(
      () => {
        showToast(t('passkey_removed', { name: passkey.name }));
        onClose();
      },
      () => undefined,
    );
  }

  return (
    <ProofDialog
      title={t('remove_passkey_title', { name: passkey.name })}
      text={t(isLast ? 'remove_last_passkey_text' : 'remove_passkey_text')}
      confirmLabel={t('remove_passkey_confirm')}
      codeLabel={isLast ? t('recovery_code') : null}
      codeHint={t('recovery_code_hint')}
      texts={texts}
      error={remove.error}
      isBusy={remove.isPending}
      onType={setTexts}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}
