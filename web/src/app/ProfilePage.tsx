import { OwnHours } from '@/modules/schedules/OwnHours';
import { ProfileScreen } from '@/modules/settings/ProfileScreen';

/** The profile, with what other modules tell everybody about himself. */
export function ProfilePage() {
  return <ProfileScreen hours={<OwnHours />} />;
}
