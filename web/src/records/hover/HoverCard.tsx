import { autoUpdate, flip, FloatingPortal, offset, shift, useFloating } from '@floating-ui/react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { recordPickQuery, recordQuery } from '@/api/records';
import type { ObjectType } from '@/api/types';
import { Skeleton } from '@/ui/Skeleton';
import { WINDOW } from '@/ui/overlay-root';
import type { CardOf } from './card-of';
import styles from './hover.module.css';
import { HoverContent } from './HoverContent';
import type { HoverTarget } from './use-hover-target';

export interface HoverCardProps {
  type: ObjectType;
  /** The record that is shown. */
  id: number;
  target: HoverTarget;
  onClose: () => void;
  onEnter: () => void;
  onLeave: () => void;
}

export interface HoverOfCardProps extends Omit<HoverCardProps, 'type' | 'id'> {
  card: CardOf;
}

/** The same over the name of somebody who is shown by his card; who has none, or none that the reader may see, has no pop-up. */
export function HoverOfCard({ card, target, ...rest }: HoverOfCardProps) {
  const found = useQuery({ ...recordPickQuery(card.type.name, '', `${card.field.name} = ${target.id}`, { limit: 1 }), retry: false });
  const [record] = found.data?.items ?? [];
  return record === undefined ? null : <HoverCard type={card.type} id={record.id} target={target} {...rest} />;
}

/** The pop-up over a name. Shown for the pointer it takes no focus; asked for by key it does, and gives it back. */
export function HoverCard({ type, id, target, onClose, onEnter, onLeave }: HoverCardProps) {
  const { t } = useTranslation('records');
  const { element, isByKey } = target;
  const record = useQuery({ ...recordQuery(type.name, id), retry: false });
  const card = useRef<HTMLDivElement | null>(null);
  const { refs, floatingStyles } = useFloating({
    open: true,
    elements: { reference: element },
    placement: 'bottom-start',
    strategy: 'fixed',
    whileElementsMounted: autoUpdate,
    middleware: [offset(6), flip({ padding: 8, boundary: WINDOW }), shift({ padding: 8, boundary: WINDOW })],
  });
  const isReady = record.data !== undefined;

  // The name may go while it is looked at: its row scrolls away, its list is read again.
  useEffect(() => {
    const watcher = window.setInterval(() => {
      if (!element.isConnected) onClose();
    }, 300);
    return () => window.clearInterval(watcher);
  }, [element, onClose]);

  useEffect(() => {
    if (isByKey && isReady) card.current?.querySelector<HTMLElement>('a, button')?.focus();
  }, [isByKey, isReady]);

  // What the reader may not see has no pop-up either.
  if (record.isError) return null;
  return (
    <FloatingPortal root={element.closest('dialog') ?? undefined}>
      <div
        ref={(node) => {
          refs.setFloating(node);
          card.current = node;
        }}
        style={floatingStyles}
        className={styles.card}
        role="dialog"
        aria-label={t('hover.label', { name: record.data?.title ?? element.textContent })}
        data-hover-card=""
        onPointerEnter={onEnter}
        onPointerLeave={onLeave}
        onClick={(event) => {
          if ((event.target as Element).closest('a[href^="/"]') !== null) onClose();
        }}
        onBlur={(event) => {
          if (isByKey && event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) onClose();
        }}
      >
        {record.data === undefined ? <Skeleton lines={3} label={t('loading')} /> : <HoverContent type={type} record={record.data} chosen={type.layout.hover} />}
      </div>
    </FloatingPortal>
  );
}
