import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { useFormat } from '@/ui/use-format';
import { sinceField, staleDays } from '../board/board-fields';
import { columnOf } from '../board/arrange';
import { useBoardMoves, type MoveHooks } from '../board/use-board-moves';
import styles from './StageBar.module.css';
import { stagesOf, stageState } from './stage-field';

/** A card has no columns that could be full, and nothing glides back. */
const HOOKS: MoveHooks = { onReturn: () => undefined, onMoved: () => undefined, onRefused: () => undefined, countWithout: () => null };

export interface StageBarProps {
  type: ObjectType;
  field: Field;
  record: RecordItem;
}

/** The way of a deal or an order from its beginning to its end; a press moves it there, as a card is moved on a board, and asks for what that stage requires. */
export function StageBar({ type, field, record }: StageBarProps) {
  const { t } = useTranslation('board');
  const format = useFormat();
  const moves = useBoardMoves(type, field, HOOKS);
  const box = useRef<HTMLDivElement>(null);
  const held = moves.waiting.find(({ id }) => id === record.id);
  const shown = held === undefined ? record : { ...record, values: { ...record.values, [field.name]: held.to } };
  const stages = stagesOf(field, shown);
  const current = stages.findIndex(({ key }) => key === columnOf(shown, field));
  const [active, setActive] = useState<number | null>(null);
  const roving = active ?? Math.max(0, current);
  const reason = record.deleted_at === null ? moves.whyNot(record) : t('read_only');
  const days = held === undefined ? staleDays(record, sinceField(type, field), stages[current], Date.now()) : null;

  function handleKey(event: KeyboardEvent<HTMLDivElement>): void {
    const steps: Readonly<Record<string, number>> = { ArrowRight: roving + 1, ArrowLeft: roving - 1, Home: 0, End: stages.length - 1 };
    const next = steps[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = Math.min(stages.length - 1, Math.max(0, next));
    setActive(at);
    box.current?.querySelectorAll<HTMLElement>('button')[at]?.focus();
  }

  return (
    <>
      <div ref={box} role="group" aria-label={format.label(field.labels)} className={styles.bar} onKeyDown={handleKey}>
        {stages.map((stage, at) => {
          const state = stageState(stages, at, current);
          const name = format.label(stage.labels);
          const isMovable = reason === null && state !== 'current' && moves.mayStand(stage.key);
          const told = [name, stage.percent !== undefined && `${format.number(stage.percent)} %`, state === 'current' && days !== null && t('stale', { count: days }), reason];
          return (
            <button
              key={stage.key}
              type="button"
              className={styles.stage}
              data-state={state}
              data-meaning={stage.meaning}
              aria-current={state === 'current' ? 'step' : undefined}
              aria-disabled={!isMovable}
              tabIndex={at === roving ? 0 : -1}
              title={told.filter(Boolean).join(' · ')}
              onFocus={() => setActive(at)}
              onClick={() => {
                if (isMovable) moves.move(record, stage.key);
              }}
            >
              <span className={styles.name}>{name}</span>
              {state === 'current' && days !== null && <span className={styles.days}>{t('stale', { count: days })}</span>}
            </button>
          );
        })}
      </div>
      {moves.dialog}
    </>
  );
}
