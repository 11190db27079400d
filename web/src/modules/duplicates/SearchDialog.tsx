import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFindDuplicates } from '@/api/duplicates';
import { useErrorText } from '@/api/errors';
import type { DuplicateKey, ObjectType } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import styles from './DuplicatesScreen.module.css';

const KEYS: readonly DuplicateKey[] = ['channel', 'name', 'similar_name', 'company_name'];

/** By what the cards of the base are compared. */
export function SearchDialog({ type, onClose }: { type: ObjectType; onClose: () => void }) {
  const { t } = useTranslation('duplicates');
  const errorText = useErrorText();
  const find = useFindDuplicates();
  const [keys, setKeys] = useState<readonly DuplicateKey[]>(KEYS);
  const [withPlace, setWithPlace] = useState(false);
  return (
    <Dialog
      title={t('search_title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look="primary"
            data-autofocus=""
            isBusy={find.isPending}
            disabledReason={keys.length === 0 && t('no_keys')}
            onClick={() => find.mutate({ type: type.name, keys: [...keys], with_place: withPlace }, { onSuccess: onClose })}
          >
            {t('start')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p>{t('search_text')}</p>
        <fieldset className={styles.keys}>
          <legend>{t('keys')}</legend>
          {KEYS.map((key) => (
            <Checkbox
              key={key}
              isChecked={keys.includes(key)}
              label={t(`key.${key}`)}
              onChange={(isChecked) => setKeys((before) => (isChecked ? [...before, key] : before.filter((other) => other !== key)))}
            />
          ))}
        </fieldset>
        <Checkbox isChecked={withPlace} label={t('with_place')} onChange={setWithPlace} />
        {find.isError && <Banner tone="error">{errorText(find.error)}</Banner>}
      </div>
    </Dialog>
  );
}
