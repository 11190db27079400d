/** Who is logged in, and what everyone in the installation shares; part of `types.ts`. */
import type { FormatChoice } from '@/util/format';

/** A part of the program that a role opens. */
export type Feature =
  | 'import'
  | 'duplicates'
  | 'address_book'
  | 'api_keys'
  | 'users'
  | 'roles'
  | 'fields'
  | 'company'
  | 'webhooks'
  | 'audit'
  | 'personal_data'
  | 'operations'
  | 'all_data';
export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'dense';

export interface Installation {
  company_name: string;
  country: string;
  currency: string;
  /** Those that new amounts may be in. */
  currencies: string[];
  language: string;
  formats: FormatChoice;
  default_views: number[];
  /** Empty, or where the pictures of maps are loaded from. */
  tiles_url: string;
  tiles_attribution: string;
  tiles_max_zoom: number;
  /** Whether there is a service that finds exact places; its address is for administrators. */
  has_geocoder: boolean;
  geocoder_url: string | null;
  /** Where browsers reach the program; empty when nobody has said so. */
  public_url: string;
  /** Nobody works without a second step of login. */
  needs_second_step: boolean;
  /** Parts of the program that are closed to everybody. */
  closed_features: Feature[];
  only_identity_providers: boolean;
  /** Hosts that notifications of browsers may go to. */
  push_services: string[];
  /** Browsers keep what was opened, to be read without a connection. */
  allows_offline: boolean;
  languages: string[];
  version: string;
}

export interface Session {
  user: {
    id: number;
    name: string;
    login: string;
    /** The file with his face. */
    photo: string | null;
    /** What he may do is the sum of these. */
    roles: { id: number; title: string }[];
    language: string;
    time_zone: string | null;
    theme?: Theme | null;
    density?: Density | null;
    /** What he has chosen himself; the rest is that of the installation. */
    formats: FormatChoice;
    /** Ids of saved views: those in the menu, in their order, and those that open first. */
    pinned_views: number[];
    default_views: number[];
    has_second_step: boolean;
  };
  installation: Installation;
  /** The administrator who looks with the eyes of this user; nothing can be changed meanwhile. */
  seen_by?: { id: number; title: string } | null;
  /** When the working hours end, and the session with them; null when no end is near. */
  working_hours?: { open_until: string; remaining_ms: number } | null;
  permissions: { export: boolean; administer: boolean; features: Feature[] };
  /** Nothing else opens before. */
  must_set_up_second_step: boolean;
}

export interface OpenSession {
  id: number;
  created_at: string;
  last_seen_at: string;
  user_agent: string | null;
  ip_address?: string | null;
  is_current: boolean;
}
