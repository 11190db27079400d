import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { gatheredCountQuery } from '@/api/counts';
import { CountText } from '../list/CountText';
import styles from './membership.module.css';

/** How many records a filter finds; asked for once its row is seen. */
export function MemberCount({ typeName, filter, hint }: { typeName: string; filter: string; hint: string }) {
  const place = useRef<HTMLSpanElement>(null);
  const [isSeen, setIsSeen] = useState(false);
  const count = useQuery({ ...gatheredCountQuery(typeName, filter), enabled: isSeen });

  useEffect(() => {
    const element = place.current;
    if (element === null || isSeen) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting === true) setIsSeen(true);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isSeen]);

  return (
    <span ref={place} className={styles.count} title={hint}>
      {typeof count.data?.count === 'number' && <CountText count={count.data} />}
    </span>
  );
}
