import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { dataMapQuery, type DataMap } from '@/api/personal-data';
import { Badge } from '@/ui/Badge';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import styles from './PersonalData.module.css';

/** Where personal data is kept, for how long, and what an erasure makes of it. */
export function DataMapView() {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const { data, error, isPending, refetch } = useQuery(dataMapQuery);
  if (isPending) return <Skeleton lines={8} label={t('loading')} />;
  if (error !== null) return <ErrorState message={errorText(error)} onRetry={() => void refetch()} />;
  return (
    <>
      <p className={styles.hint}>{t('map.text')}</p>
      <section className={styles.map}>
        <h2 className={styles.heading}>{t('map.records')}</h2>
        <Table label={t('map.records')}>
          <thead>
            <tr>
              <HeadCell>{t('map.what')}</HeadCell>
              <HeadCell>{t('map.role')}</HeadCell>
              <HeadCell>{t('map.erased')}</HeadCell>
              <HeadCell>{t('map.kept')}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {data.types.map((type) => (
              <TypeRow key={type.name} type={type} />
            ))}
          </tbody>
        </Table>
      </section>
      <section className={styles.map}>
        <h2 className={styles.heading}>{t('map.tables')}</h2>
        <Table label={t('map.tables')}>
          <thead>
            <tr>
              <HeadCell>{t('map.table')}</HeadCell>
              <HeadCell>{t('map.holds_people')}</HeadCell>
              <HeadCell>{t('map.stays')}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {data.tables.map((table) => (
              <TableRow key={table.name} table={table} />
            ))}
          </tbody>
        </Table>
      </section>
    </>
  );
}

function TypeRow({ type }: { type: DataMap['types'][number] }) {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  const names = (isErased: boolean): string =>
    format.list(type.fields.filter((field) => field.is_erased === isErased).map((field) => field.label ?? field.name));
  const isOfPeople = type.role === 'subject' || type.role === 'part' || type.role === 'proof';
  return (
    <tr>
      <Cell>{type.label ?? type.name}</Cell>
      <Cell>
        <Badge color={isOfPeople ? 'blue' : 'grey'}>{t(`map.roles.${type.role}`)}</Badge>
      </Cell>
      <Cell className={styles.muted}>{isOfPeople ? names(true) : '–'}</Cell>
      <Cell className={styles.muted}>{isOfPeople ? names(false) || '–' : t('map.all')}</Cell>
    </tr>
  );
}

function TableRow({ table }: { table: DataMap['tables'][number] }) {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  const people = table.columns.filter((column) => column.holds === 'people').map((column) => column.name);
  const others = [...new Set(table.columns.map((column) => column.holds))].filter((holds) => holds !== 'people' && holds !== 'keys');
  return (
    <tr>
      <Cell>{table.name}</Cell>
      <Cell className={styles.muted}>
        {people.length > 0 ? people.join(', ') : others.length > 0 ? others.map((holds) => t(`map.holds.${holds}`)).join(', ') : t('map.holds.keys')}
      </Cell>
      <Cell className={styles.muted}>{table.days == null ? t('map.always') : t('map.days', { count: table.days, number: format.number(table.days) })}</Cell>
    </tr>
  );
}
