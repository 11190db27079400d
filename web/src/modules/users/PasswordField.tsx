import { IconCopy, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCodeText } from '@/api/errors';
import type { FieldProblem } from '@/api/types';
import { copyText } from '@/ui/copy-text';
import { errorId, FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { TextInput } from '@/ui/TextInput';
import { newPassword } from './new-password';
import styles from './UsersScreen.module.css';

export interface PasswordFieldProps {
  id: string;
  value: string;
  problem: FieldProblem | undefined;
  hasAutoFocus?: boolean;
  onChange: (password: string) => void;
}

/** A first password that the administrator hands over, hence shown. */
export function PasswordField({ id, value, problem, hasAutoFocus = false, onChange }: PasswordFieldProps) {
  const { t } = useTranslation('users');
  const codeText = useCodeText();
  return (
    <FormField
      controlId={id}
      label={t('password')}
      isRequired
      hint={t('password_hint')}
      error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
    >
      <div className={styles.password}>
        <TextInput
          id={id}
          autoComplete="off"
          spellCheck={false}
          value={value}
          isInvalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : errorId(id)}
          data-autofocus={hasAutoFocus ? '' : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        <IconButton isFramed label={t('make_password')} icon={<IconRefresh size={16} />} onClick={() => onChange(newPassword())} />
        <IconButton
          isFramed
          label={t('copy_password')}
          icon={<IconCopy size={16} />}
          onClick={() => void copyText(value, t('copied'))}
        />
      </div>
    </FormField>
  );
}
