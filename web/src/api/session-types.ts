/** Who is logged in, and what everyone in the installation shares; part of `types.ts`. */

export type Role = 'administrator' | 'supervisor' | 'employee';
export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'dense';

export interface Installation {
  company_name: string;
  country: string;
  currency: string;
  language: string;
  default_views: number[];
  /** Empty, or where the pictures of maps are loaded from. */
  tiles_url: string;
  tiles_attribution: string;
  tiles_max_zoom: number;
  /** Whether there is a service that finds exact places; its address is for administrators. */
  has_geocoder: boolean;
  geocoder_url: string | null;
  /** Nobody works without a second step of login. */
  needs_second_step: boolean;
  languages: string[];
  version: string;
}

export interface Session {
  user: {
    id: number;
    name: string;
    login: string;
    role: Role;
    language: string;
    time_zone: string | null;
    theme?: Theme | null;
    density?: Density | null;
    /** Ids of saved views: those in the menu, in their order, and those that open first. */
    pinned_views: number[];
    default_views: number[];
    has_second_step: boolean;
  };
  installation: Installation;
  permissions: { export: boolean; administer: boolean };
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
