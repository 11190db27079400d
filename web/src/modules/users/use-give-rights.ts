import { useCopyRights } from '@/api/access';
import { useChangeRecord } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { useSetTeams } from '@/records/teams';
import type { RightsOfUser } from './UserRights';

/** Gives a new user what is no part of making him: the rights of a colleague, or a head and teams. */
export function useGiveRights(): (record: RecordItem, rights: RightsOfUser) => Promise<void> {
  const { mutateAsync: change } = useChangeRecord('user');
  const { mutateAsync: copy } = useCopyRights();
  const { mutateAsync: setTeams } = useSetTeams();
  return async (record, rights) => {
    if (rights.from !== undefined) await copy({ id: record.id, from: rights.from.id });
    else if (rights.head !== null) await change({ id: record.id, version: record.version, values: { head: rights.head.id }, shown: { head: rights.head } });
    if (rights.from === undefined && rights.teams.length > 0) await setTeams({ userId: record.id, before: [], after: rights.teams.map(({ id }) => id) });
  };
}
