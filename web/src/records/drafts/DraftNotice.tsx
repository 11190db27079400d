import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import type { FormDraft } from './use-draft';

/** Above a form that holds again what was typed before the session ended. */
export function DraftNotice({ draft }: { draft: FormDraft }) {
  const { t } = useTranslation('records');
  const [isShown, setIsShown] = useState(draft.isRestored);
  if (!isShown) return null;
  return (
    <Banner
      tone="info"
      actions={
        <Button
          size="small"
          onClick={() => {
            draft.startAfresh();
            setIsShown(false);
          }}
        >
          {t('drafts.afresh')}
        </Button>
      }
    >
      {t('drafts.restored')}
    </Banner>
  );
}
