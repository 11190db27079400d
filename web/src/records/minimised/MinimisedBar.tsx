import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { isApiError } from '@/api/client';
import { recordQuery } from '@/api/records';
import { Avatar } from '@/ui/Avatar';
import { IconButton } from '@/ui/IconButton';
import { keepClear } from '@/ui/keep-clear';
import { paths } from '../paths';
import { RecordAvatar } from '../RecordAvatar';
import styles from './MinimisedBar.module.css';
import { minimisedCards, useMinimisedCards, type MinimisedCard } from './minimised-cards';
import { useLeaveThen } from './use-leave-then';

/** The cards put aside, at the bottom of every page. */
export function MinimisedBar() {
  const { t } = useTranslation('records');
  const cards = useMinimisedCards();
  return (
    <nav ref={keepClear} className={styles.bar} aria-label={t('minimised.title')}>
      <ul className={styles.cards}>
        {cards.map((card) => (
          <Chip key={`${card.type}/${card.id}`} card={card} />
        ))}
      </ul>
    </nav>
  );
}

function Chip({ card }: { card: MinimisedCard }) {
  const { t } = useTranslation('records');
  const { id, isPage, list } = card;
  const isKnownType = useObjectType(card.type) !== undefined;
  const record = useQuery({ ...recordQuery(card.type, id), enabled: isKnownType, retry: false });
  const leaveThen = useLeaveThen();
  const isGone = isApiError(record.error) && record.error.status === 404;
  useEffect(() => {
    if (isGone) minimisedCards.remove({ type: card.type, id });
  }, [isGone, card.type, id]);

  if (!isKnownType || isGone) return null;
  const title = record.data?.title ?? card.title;
  const address = isPage ? paths.card(card.type, id, list) : paths.list(card.type, { ...list, open: id });
  return (
    <li className={styles.chip}>
      <Link
        {...address}
        className={styles.open}
        title={title}
        activeProps={{}}
        preload={false}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          leaveThen(address, () => minimisedCards.remove(card));
        }}
      >
        {record.data === undefined ? <Avatar id={id} title={title} /> : <RecordAvatar record={record.data} />}
        <span className={styles.title}>{title}</span>
      </Link>
      <IconButton
        size="small"
        className={styles.remove}
        label={t('minimised.remove', { name: title })}
        icon={<IconX size={14} />}
        onClick={() => minimisedCards.remove(card)}
      />
    </li>
  );
}
