import { useTranslation } from 'react-i18next';
import type { ImportReport } from '@/api/types';
import { useFormat } from '@/ui/use-format';
import styles from './Report.module.css';

const PARTS = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const;
/** What comes with rows, and is no row. */
const ASIDE = ['companies_created', 'photos'] as const;

/** The account of the rows: its parts add up to what was read. */
export function ReportTable({ report }: { report: ImportReport }) {
  const { t } = useTranslation('import');
  const format = useFormat();
  return (
    <div>
      <div className={styles.bar} aria-hidden="true">
        {PARTS.map((part) => report[part] > 0 && <span key={part} data-part={part} style={{ flexGrow: report[part] }} />)}
      </div>
      <table className={styles.table} aria-label={t('report.title')}>
        <tbody>
          {PARTS.map((part) => (
            <tr key={part}>
              <th scope="row">
                <span className={styles.key} data-part={part} aria-hidden="true" />
                {t(`report.${part}`)}
              </th>
              <td>{format.number(report[part])}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('report.read')}</th>
            <td>{format.number(report.read)}</td>
          </tr>
          {ASIDE.map(
            (part) =>
              (report[part] ?? 0) > 0 && (
                <tr key={part} className={styles.aside}>
                  <th scope="row">{t(`report.${part}`)}</th>
                  <td>{format.number(report[part] ?? 0)}</td>
                </tr>
              ),
          )}
        </tfoot>
      </table>
    </div>
  );
}
