import { IconCode, IconDots, IconFileExport, IconFileImport, IconHistory, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import type { ObjectType } from '@/api/types';
import { Dialog } from '@/ui/Dialog';
import { IconButton } from '@/ui/IconButton';
import { lazyPart } from '@/ui/lazy-part';
import { Menu } from '@/ui/Menu';
import type { ListState } from '../list/use-list-state';
import { paths } from '../paths';
import { FilterTextForm } from './TextFilterChip';

const PastDialog = lazyPart(() => import('../past/PastDialog'), 'PastDialog');
const ExportDialog = lazyPart(() => import('../export/ExportDialog'), 'ExportDialog');

/** What is done with the whole list. */
export function ListMenu({ type, state }: { type: ObjectType; state: ListState }) {
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  const mayImport = useMay('import');
  const [open, setOpen] = useState<'export' | 'text' | 'past' | null>(null);
  return (
    <>
      <Menu
        trigger={<IconButton isFramed size="small" label={t('list_menu.title')} icon={<IconDots size={16} />} />}
        items={[
          ...(type.is_importable && mayImport && type.permissions.create
            ? [{ key: 'import', label: t('list_menu.import'), icon: <IconFileImport size={16} />, onSelect: () => void navigate(paths.imports()) }]
            : []),
          {
            key: 'export',
            label: t('list_menu.export'),
            icon: <IconFileExport size={16} />,
            disabledReason: !type.permissions.export ? t('export.forbidden') : state.search.asOf !== undefined ? t('past.no_export') : null,
            onSelect: () => setOpen('export'),
          },
          { key: 'text', label: t('filter.as_text'), icon: <IconCode size={16} />, onSelect: () => setOpen('text') },
          { key: 'past', label: t('past.choose'), icon: <IconHistory size={16} />, onSelect: () => setOpen('past') },
          { key: 'trash', label: t('list_menu.trash'), icon: <IconTrash size={16} />, onSelect: () => void navigate(paths.trash(type.name)) },
        ]}
      />
      {open === 'export' && <ExportDialog type={type} query={state.query} columns={state.columns} onClose={() => setOpen(null)} />}
      {open === 'past' && (
        <PastDialog
          at={state.search.asOf}
          onChoose={(asOf) => {
            state.change({ asOf, look: undefined, at: undefined, place: undefined, q: undefined, open: undefined });
            setOpen(null);
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'text' && (
        <Dialog title={t('filter.as_text')} size="small" onClose={() => setOpen(null)}>
          <FilterTextForm
            text={state.search.filter ?? ''}
            onApply={(filter) => {
              state.change({ filter: filter || undefined });
              setOpen(null);
            }}
          />
        </Dialog>
      )}
    </>
  );
}
