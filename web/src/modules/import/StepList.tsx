import { IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ImportItem } from '@/api/types';
import { paths } from '@/records/paths';
import { classNames } from '@/util/class-names';
import { openSteps, stepsOf, type ImportStep } from './import-steps';
import styles from './StepList.module.css';

/** The steps: what is done, where one is, what comes; done ones lead back. */
export function StepList({ item, current }: { item: ImportItem; current: ImportStep }) {
  const { t } = useTranslation('import');
  const steps = stepsOf(item);
  const open = openSteps(item);
  const at = steps.indexOf(current);
  return (
    <nav aria-label={t('steps.title')} className={styles.nav}>
      <ol className={styles.list}>
        <li className={classNames(styles.step, styles.done)}>
          <Link {...paths.imports()} className={styles.link}>
            <Mark number={1} isDone />
            <span>{t('steps.file')}</span>
          </Link>
        </li>
        {steps.map((step, index) => {
          const isDone = index < at;
          const content = (
            <>
              <Mark number={index + 2} isDone={isDone} />
              <span>{t(`steps.${step}`)}</span>
            </>
          );
          return (
            <li
              key={step}
              className={classNames(styles.step, isDone && styles.done, index === at && styles.current)}
              aria-current={index === at ? 'step' : undefined}
            >
              {open.includes(step) && index !== at ? (
                <Link to="/import/$id" params={{ id: String(item.id) }} search={{ step }} className={styles.link}>
                  {content}
                </Link>
              ) : (
                <span className={styles.link}>{content}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function Mark({ number, isDone }: { number: number; isDone: boolean }) {
  return (
    <span className={styles.mark} aria-hidden="true">
      {isDone ? <IconCheck size={12} stroke={2.5} /> : number}
    </span>
  );
}
