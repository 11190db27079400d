import type { AppPasswordGives } from '@/api/app-passwords';

/** Where the words about a device stand, by what it gets. */
export function textsOf(gives: AppPasswordGives): 'app_passwords' | 'calendar_devices' {
  return gives === 'contacts' ? 'app_passwords' : 'calendar_devices';
}
