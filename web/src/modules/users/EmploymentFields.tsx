import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useCodeText } from '@/api/errors';
import type { FieldProblem } from '@/api/types';
import type { Employment } from '@/api/users';
import { DateInput } from '@/fields/date/DateInput';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';

export interface EmploymentFieldsProps {
  prefix: string;
  value: Employment;
  problems: ReadonlyMap<string, readonly FieldProblem[]>;
  onChange: (value: Employment) => void;
}

/** Who a new user is to the company; a temporary worker has a last day, others may have one later. */
export function EmploymentFields({ prefix, value, problems, onChange }: EmploymentFieldsProps) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const codeText = useCodeText();
  const field = useObjectType('user')?.fields.find(({ name }) => name === 'user_kind');
  const problem = problems.get('active_until')?.[0];
  const untilId = `${prefix}-active-until`;
  return (
    <>
      <FormField controlId={`${prefix}-kind`} label={t('kind')} hint={t('kind_hint')}>
        <Select
          id={`${prefix}-kind`}
          value={value.user_kind}
          options={(field?.settings.options ?? []).map(({ key, labels }) => ({ value: key, label: format.label(labels) }))}
          onChange={(kind) => onChange({ user_kind: kind, active_until: kind === 'temporary' ? value.active_until : null })}
        />
      </FormField>
      {value.user_kind === 'temporary' && (
        <FormField controlId={untilId} label={t('active_until')} isRequired hint={t('active_until_hint')} error={problem === undefined ? undefined : codeText(problem.code, problem.params)}>
          <DateInput
            id={untilId}
            value={value.active_until}
            isInvalid={problem !== undefined}
            describedBy={problem === undefined ? undefined : errorId(untilId)}
            onChange={(day) => onChange({ ...value, active_until: day })}
          />
        </FormField>
      )}
    </>
  );
}
