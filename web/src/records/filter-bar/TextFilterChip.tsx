import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { Popover } from '@/ui/Popover';
import { TextArea } from '@/ui/TextInput';
import styles from './FilterBar.module.css';

export interface TextFilterChipProps {
  text: string;
  onChange: (text: string) => void;
}

/** A filter too rich for chips: it stays text and is edited as text. */
export function TextFilterChip({ text, onChange }: TextFilterChipProps) {
  const { t } = useTranslation('records');
  return (
    <span className={styles.chip}>
      <Popover
        label={t('filter.as_text')}
        trigger={
          <button type="button" className={styles.chipButton} title={text}>
            <span className={styles.chipText}>
              {t('filter.expression')} <code className={styles.code}>{text}</code>
            </span>
          </button>
        }
      >
        {(close) => (
          <FilterTextForm
            text={text}
            onApply={(next) => {
              onChange(next);
              close();
            }}
          />
        )}
      </Popover>
    </span>
  );
}

export function FilterTextForm({ text, onApply }: { text: string; onApply: (text: string) => void }) {
  const { t } = useTranslation('records');
  const [typed, setTyped] = useState(text);
  function submit(event: FormEvent): void {
    event.preventDefault();
    // It may stand above another form, which this is no part of.
    event.stopPropagation();
    onApply(typed.trim());
  }
  return (
    <form className={styles.sheet} onSubmit={submit}>
      <TextArea className={styles.code} aria-label={t('filter.as_text')} autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />
      <p className={styles.hint}>{t('filter.text_hint')}</p>
      <div className={styles.actions}>
        <Button type="submit" look="primary" size="small">
          {t('filter.apply')}
        </Button>
      </div>
    </form>
  );
}
