/** The kinds of events by what they are about, in the order in which the filter offers them. */
import type { AuditKind } from '@/api/audit';

export const KINDS = [
  {
    group: 'sign_in',
    kinds: [
      'login',
      'logout',
      'session_ended',
      'second_factor',
      'second_factor_added',
      'second_factor_removed',
      'recovery_codes_made',
      'password_changed',
      'password_reset',
      'password_reset_requested',
      'identity_linked',
      'identity_unlinked',
      'schedule_extended',
    ],
  },
  { group: 'reading', kinds: ['exported', 'denied', 'card_viewed', 'seen_as'] },
  { group: 'rights', kinds: ['user_created', 'user_invited', 'user_changed', 'role_changed', 'team_changed', 'sharing_changed', 'schedule_changed'] },
  { group: 'settings', kinds: ['set_up', 'settings_changed', 'catalog_changed'] },
  {
    group: 'programs',
    kinds: [
      'app_password_created',
      'app_password_revoked',
      'api_key_created',
      'api_key_revoked',
      'webhook_created',
      'webhook_changed',
      'webhook_removed',
    ],
  },
  {
    group: 'personal',
    kinds: ['consent_given', 'consent_withdrawn', 'person_exported', 'person_erased', 'processing_restricted', 'retention_applied'],
  },
  { group: 'log', kinds: ['audit_pruned'] },
] as const satisfies readonly { group: string; kinds: readonly AuditKind[] }[];
