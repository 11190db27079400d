import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { notificationsQuery, unreadQuery, useMarkRead } from '@/api/notifications';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';

/** Marks as read what is shown and all that came before it; what comes in this moment stays new. */
export function MarkAllButton() {
  const { t } = useTranslation('notifications');
  const errorText = useErrorText();
  const mark = useMarkRead();
  const unread = useQuery(unreadQuery).data?.unread ?? 0;
  const newest = useInfiniteQuery(notificationsQuery(false)).data?.pages[0]?.items[0]?.id;
  if (unread === 0 || newest === undefined) return null;
  return (
    <Button
      size="small"
      isBusy={mark.isPending}
      onClick={() => mark.mutate({ up_to: newest }, { onError: (error) => showToast(errorText(error), { tone: 'error' }) })}
    >
      {t('mark_all')}
    </Button>
  );
}
