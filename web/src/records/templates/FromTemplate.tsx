import { IconTemplate } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordReference } from '@/api/types';
import { Button } from '@/ui/Button';
import { lazyPart } from '@/ui/lazy-part';
import { isUsedFor, useTemplateType } from './template-type';

const UseTemplateDialog = lazyPart(() => import('./UseTemplateDialog'), 'UseTemplateDialog');

export interface FromTemplateProps {
  /** What is made. */
  type: ObjectType;
  /** For a record of this type; for none without one. */
  of?: ObjectType | undefined;
  record?: Pick<RecordReference, 'id' | 'title'> | undefined;
  onDone?: () => void;
  /** The one that is chosen at first, on its own card. */
  template?: number;
}

/** The way to several records at once, where the type has templates. */
export function FromTemplate({ type, of, record, onDone, template }: FromTemplateProps) {
  const { t } = useTranslation('records');
  const templates = useTemplateType(type);
  const [isOpen, setIsOpen] = useState(false);
  if (templates === undefined || (of !== undefined && !isUsedFor(of.name))) return null;
  return (
    <>
      <Button look="link" icon={<IconTemplate size={16} />} onClick={() => setIsOpen(true)}>
        {t(template === undefined ? 'templates.button' : 'templates.use')}
      </Button>
      {isOpen && (
        <UseTemplateDialog
          type={type}
          templates={templates}
          usedFor={of === undefined || record === undefined ? null : { type: of, id: record.id, title: record.title }}
          template={template}
          onDone={onDone}
          onClose={() => setIsOpen(false)}
        />
      )}
    </>
  );
}
