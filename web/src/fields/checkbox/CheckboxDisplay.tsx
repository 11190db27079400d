import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';

export function CheckboxDisplay({ value }: DisplayProps) {
  const { t } = useTranslation('fields');
  if (value !== true) return value === false ? <span>{t('no')}</span> : <Nothing />;
  return (
    <span className={styles.row}>
      <IconCheck size={16} aria-hidden="true" />
      {t('yes')}
    </span>
  );
}
