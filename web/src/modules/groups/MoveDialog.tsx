import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Vocabulary, VocabularyItem } from '@/fields/reference/vocabulary';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { OptionPicker } from '@/ui/OptionPicker';
import { parentOptions } from './group-options';

export interface MoveDialogProps {
  vocabulary: Vocabulary;
  item: VocabularyItem;
  onMove: (target: VocabularyItem | null) => void;
  onClose: () => void;
}

/** Another place for a group, without dragging it. */
export function MoveDialog({ vocabulary, item, onMove, onClose }: MoveDialogProps) {
  const { t } = useTranslation('groups');
  const [target, setTarget] = useState(item.parentId === null ? '' : String(item.parentId));
  const isSame = target === (item.parentId === null ? '' : String(item.parentId));
  return (
    <Dialog
      title={t('move_title', { name: item.title })}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look="primary"
            disabledReason={isSame && t('same_place')}
            onClick={() => {
              onMove(vocabulary.items.find((other) => String(other.id) === target) ?? null);
              onClose();
            }}
          >
            {t('move_confirm')}
          </Button>
        </>
      }
    >
      <FormField controlId="move-target" label={t('parent')}>
        <OptionPicker
          id="move-target"
          value={target}
          emptyLabel={t('top_level')}
          options={parentOptions(vocabulary.items, vocabulary.tree, item.id)}
          onChange={setTarget}
        />
      </FormField>
    </Dialog>
  );
}
