import { useTranslation } from 'react-i18next';
import { useCodeText } from '@/api/errors';
import type { FieldProblem } from '@/api/types';
import { FieldError } from '@/ui/FormField';
import styles from './ProblemText.module.css';
import { RecordLink } from './RecordLink';

interface Owner {
  type: string;
  id: number | null;
  title: string;
  responsible: string;
}

/** Who already owns a refused value, as far as the reader may know. */
function ownerOf({ params = {} }: FieldProblem): Owner {
  return {
    type: typeof params.type === 'string' ? params.type : '',
    id: typeof params.id === 'number' ? params.id : null,
    title: typeof params.title === 'string' ? params.title : '',
    responsible: typeof params.responsible === 'string' ? params.responsible : '—',
  };
}

/** What is wrong with a field, with the way out: the owning card of a duplicate. */
export function ProblemText({ id, problem }: { id?: string; problem: FieldProblem }) {
  const codeText = useCodeText();
  if (problem.code !== 'duplicate') return <FieldError id={id}>{codeText(problem.code, problem.params)}</FieldError>;
  const owner = ownerOf(problem);
  if (owner.id === null) return <FieldError id={id}>{codeText('duplicate_hidden', { responsible: owner.responsible })}</FieldError>;
  return <DuplicateText id={id} owner={owner} ownerId={owner.id} />;
}

function DuplicateText({ id, owner, ownerId }: { id?: string; owner: Owner; ownerId: number }) {
  const { t } = useTranslation('fields');
  const codeText = useCodeText();
  return (
    <FieldError id={id}>
      {codeText('duplicate', { title: owner.title })}{' '}
      <RecordLink type={owner.type} id={ownerId} className={styles.link}>
        {t('duplicate.open_card')}
      </RecordLink>
    </FieldError>
  );
}
