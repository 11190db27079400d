import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Span } from '@/api/working-hours';
import { TimeInput } from '@/fields/date/TimeInput';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { isOverMidnight, nextSpan } from './plan';
import styles from './Schedules.module.css';

const MOST = 6;

export interface SpansEditorProps {
  /** Which day; part of the names of the inputs. */
  day: string;
  spans: readonly Span[];
  onChange: (spans: Span[]) => void;
}

/** The hours of one day, with the breaks between them. */
export function SpansEditor({ day, spans, onChange }: SpansEditorProps) {
  const { t } = useTranslation('schedules');
  const replace = (at: number, span: Span): void => onChange(spans.map((other, index) => (index === at ? span : other)));
  return (
    <div className={styles.spans}>
      {spans.map((span, at) => (
        // Without a name of their own: the place is what they are known by.
        <span key={at} className={styles.span}>
          <TimeInput className={styles.time} label={t('editor.from', { day })} isRequired value={span.from} onChange={(from) => replace(at, { ...span, from })} />
          <span aria-hidden="true">–</span>
          <TimeInput
            className={styles.time}
            label={t('editor.to', { day })}
            isRequired
            value={span.to === '24:00' ? '00:00' : span.to}
            onChange={(to) => replace(at, { ...span, to })}
          />
          {isOverMidnight(span) && <span className={styles.next}>{t('editor.next_day')}</span>}
          {spans.length > 1 && (
            <IconButton
              size="small"
              label={t('editor.remove_hours', { day })}
              icon={<IconX size={14} />}
              onClick={() => onChange(spans.filter((_, index) => index !== at))}
            />
          )}
        </span>
      ))}
      {spans.length > 0 && spans.length < MOST && (
        <Button look="plain" size="small" icon={<IconPlus size={14} />} aria-label={t('editor.add_hours_to', { day })} onClick={() => onChange([...spans, nextSpan(spans)])}>
          {t('editor.add_hours')}
        </Button>
      )}
    </div>
  );
}
