import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isApiError } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useFinishSecondStep, type OpenSecondStep, type SecondStepWish } from '@/api/sign-in';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { EntrancePage } from './EntrancePage';
import { PasskeyButton } from './PasskeyButton';
import styles from './EntrancePage.module.css';

export interface SecondStepFormProps {
  step: OpenSecondStep;
  /** Coming in, if nothing is said. */
  wish?: SecondStepWish;
  onEnter: () => void;
  onStartAgain: () => void;
}

/** After the right password: the code of the app, or a recovery code. */
export function SecondStepForm({ step, wish = 'log_in', onEnter, onStartAgain }: SecondStepFormProps) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const finish = useFinishSecondStep(wish);
  const [isRecovery, setIsRecovery] = useState(!step.has_codes);
  const [code, setCode] = useState('');
  const problem = fieldProblems(finish.error).get('code')?.[0];
  const isOver = isApiError(finish.error) && finish.error.code === 'sign_in_expired';
  const kind = isRecovery ? 'recovery' : 'code';

  function submit(event: FormEvent): void {
    event.preventDefault();
    finish.mutate({ ticket: step.ticket, code }, { onSuccess: onEnter });
  }

  function turn(): void {
    setIsRecovery(!isRecovery);
    setCode('');
    finish.reset();
  }

  return (
    <EntrancePage title={t('entrance.title')}>
      <p className={styles.intro}>{t(`entrance.${kind}_text`)}</p>
      <form className={styles.form} onSubmit={submit} noValidate>
        {finish.isError && problem === undefined && <Banner tone="error">{errorText(finish.error)}</Banner>}
        <FormField controlId="second-step" label={t(`entrance.${kind}`)} error={problem === undefined ? undefined : codeText(problem.code, problem.params)}>
          <TextInput
            key={kind}
            id="second-step"
            inputMode={isRecovery ? 'text' : 'numeric'}
            autoComplete={isRecovery ? 'off' : 'one-time-code'}
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            value={code}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('second-step')}
            onChange={(event) => setCode(event.target.value)}
          />
        </FormField>
        {!isOver && (
          <Button look="primary" type="submit" isBusy={finish.isPending}>
            {t(wish === 'log_in' ? 'entrance.enter' : 'go_on')}
          </Button>
        )}
      </form>
      {step.has_passkeys && !isOver && <PasskeyButton ticket={step.ticket} wish={wish} onEnter={onEnter} />}
      <p className={styles.ways}>
        {step.has_codes && !isOver && (
          <Button look="link" onClick={turn}>
            {t(isRecovery ? 'entrance.use_code' : 'entrance.use_recovery')}
          </Button>
        )}
        <Button look="link" onClick={onStartAgain}>
          {t('entrance.start_again')}
        </Button>
      </p>
    </EntrancePage>
  );
}
