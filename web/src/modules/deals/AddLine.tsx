import { FloatingPortal } from '@floating-ui/react';
import { IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { isApiError } from '@/api/client';
import { fieldProblems, useErrorText } from '@/api/errors';
import { CURRENCY_TYPE } from '@/api/rates';
import { recordPageQuery, recordPickQuery, useCreateRecord } from '@/api/records';
import type { RecordItem, Values } from '@/api/types';
import { asMoney, asText } from '@/fields/values';
import { RateDialog } from '@/records/money/RateDialog';
import { writeKey } from '@/records/write-key';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { isAnswerTo } from '@/ui/is-answer';
import list from '@/ui/OptionList.module.css';
import { useDebounced } from '@/ui/use-debounced';
import { useFormat } from '@/ui/use-format';
import { useOptionList } from '@/ui/use-option-list';
import { classNames } from '@/util/class-names';
import { LINE_TYPE, PRODUCT_TYPE } from './line-type';
import styles from './Lines.module.css';

export interface AddLineProps {
  /** The field that names the whole, and its id. */
  whole: { field: string; id: number };
  onWritten: () => void;
}

/** Adds a line: a product by part of its name or SKU, or any text as a line without a product. */
export function AddLine({ whole, onWritten }: AddLineProps) {
  const { t } = useTranslation('deals');
  const format = useFormat();
  const errorText = useErrorText();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [isOpen, setIsOpen] = useState(false);
  const search = useDebounced(typed.trim(), 150);
  const canSee = useObjectType(PRODUCT_TYPE)?.permissions.see === true;
  const found = useQuery({
    ...recordPickQuery(PRODUCT_TYPE, search, 'is_active = true', { fields: 'price,sku', limit: 12 }),
    enabled: isOpen && canSee,
    placeholderData: keepPreviousData,
  });
  const items = canSee ? (found.data?.items ?? []) : [];
  const isCurrent = !canSee || isAnswerTo(typed, search, found);
  const create = useCreateRecord(LINE_TYPE);
  /** What was asked for last: it is asked for again once there is a rate. */
  const [asked, setAsked] = useState<Values | null>(null);
  const [key] = useState(writeKey);
  const name = typed.trim();
  const offersText = name !== '' && isCurrent;
  const { activeIndex, setActiveIndex, elements, root, refs, floatingStyles, getReferenceProps, getFloatingProps, getItemProps } = useOptionList(isOpen, setIsOpen);

  function add(values: Values): void {
    if (create.isPending) return;
    setAsked(values);
    setIsOpen(false);
    const line = { ...values, [whole.field]: whole.id };
    create.mutateAsync({ values: line, idempotencyKey: key.of(line) }).then(
      () => {
        key.renew();
        setTyped('');
        setAsked(null);
        onWritten();
      },
      // Said below the field.
      () => undefined,
    );
  }

  function handleKey(event: KeyboardEvent): void {
    const active = activeIndex === null ? undefined : items[activeIndex];
    if (event.key === 'Enter' && name !== '') {
      event.preventDefault();
      event.stopPropagation();
      if (active !== undefined) add({ product: active.id });
      else if (!isCurrent) return;
      else if (activeIndex === null && items.length === 1 && items[0] !== undefined) add({ product: items[0].id });
      else if (activeIndex === items.length || items.length === 0) add({ name });
    } else if (event.key === 'Enter' && isOpen && active !== undefined) {
      event.preventDefault();
      add({ product: active.id });
    } else if (event.key === 'Escape' && (isOpen || typed !== '')) {
      event.stopPropagation();
      setTyped('');
      setIsOpen(false);
    }
  }

  const label = t('add_line');
  return (
    <div className={styles.add}>
      <IconPlus size={16} className={styles.plus} aria-hidden="true" />
      <input
        {...getReferenceProps({
          onKeyDown: handleKey,
          onClick: () => setIsOpen(true),
          onBlur: () => setIsOpen(false),
        })}
        ref={refs.setReference}
        id={id}
        className={styles.input}
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        autoComplete="off"
        placeholder={label}
        value={typed}
        onChange={(event) => {
          key.renew();
          setTyped(event.target.value);
          setIsOpen(true);
          setActiveIndex(null);
        }}
      />
      {isOpen && (items.length > 0 || offersText) && (
        <FloatingPortal root={root ?? undefined}>
          <div ref={refs.setFloating} style={floatingStyles} className={list.list} {...getFloatingProps()} aria-label={label}>
            {items.map((product, index) => (
              <div
                key={product.id}
                ref={(element) => {
                  elements.current[index] = element;
                }}
                role="option"
                id={`${id}-${product.id}`}
                aria-selected={index === activeIndex}
                className={classNames(list.option, index === activeIndex && list.active)}
                {...getItemProps({ onMouseDown: (event) => event.preventDefault(), onClick: () => add({ product: product.id }) })}
              >
                <span className={list.optionText}>
                  {product.title} <span className={list.muted}>{asText(product.values.sku)}</span>
                </span>
                <Price product={product} />
              </div>
            ))}
            {offersText && (
              <div
                ref={(element) => {
                  elements.current[items.length] = element;
                }}
                role="option"
                id={`${id}-text`}
                aria-selected={activeIndex === items.length}
                className={classNames(list.option, activeIndex === items.length && list.active)}
                {...getItemProps({ onMouseDown: (event) => event.preventDefault(), onClick: () => add({ name }) })}
              >
                <IconPlus size={16} aria-hidden="true" />
                <span className={list.optionText}>{t('add_text', { name })}</span>
              </div>
            )}
          </div>
        </FloatingPortal>
      )}
      {create.isError && (
        <div className={styles.refused}>
          <FieldError>{errorText(create.error)}</FieldError>
          <MissingRate
            error={create.error}
            onEntered={() => {
              if (asked !== null) add(asked);
            }}
          />
        </div>
      )}
    </div>
  );

  function Price({ product }: { product: RecordItem }) {
    const price = asMoney(product.values.price);
    return price === null ? null : <span className={list.muted}>{format.money(price.amount, price.currency)}</span>;
  }
}

/** The way to the rate that a price waits for. */
function MissingRate({ error, onEntered }: { error: unknown; onEntered: () => void }) {
  const { t } = useTranslation('deals');
  const [isAsked, setIsAsked] = useState(false);
  const problem = isApiError(error) ? (fieldProblems(error).get('price') ?? []).find(({ code }) => code === 'rate_missing') : undefined;
  const { currency: code, date } = (problem?.params ?? {}) as { currency?: string; date?: string };
  const currencies = useQuery({ ...recordPageQuery(CURRENCY_TYPE, { filter: `code = "${code ?? ''}"` }, 1), enabled: code !== undefined });
  const currency = currencies.data?.items[0];
  if (code === undefined || date === undefined || currency === undefined) return null;
  return (
    <>
      <Button look="link" onClick={() => setIsAsked(true)}>
        {t('enter_rate', { currency: code })}
      </Button>
      {isAsked && (
        <RateDialog
          currency={{ id: currency.id, code }}
          date={date}
          onClose={() => {
            setIsAsked(false);
            onEntered();
          }}
        />
      )}
    </>
  );
}
