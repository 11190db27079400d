/** A directory as an administrator writes it, and what is usual for the two kinds of servers that most companies have. */
import type { Directory } from '@/api/providers';

export type DirectoryKind = 'active_directory' | 'openldap';

type Usual = Pick<Directory, 'filter' | 'id_attribute' | 'login_attribute' | 'name_attribute' | 'email_attribute'>;

/** Switched off accounts of Active Directory are left out by its own rule (bit 2). */
const USUAL: Record<DirectoryKind, Usual> = {
  active_directory: {
    filter: '(&(objectCategory=person)(objectClass=user)(sAMAccountName={login})(!(userAccountControl:1.2.840.113556.1.4.803:=2)))',
    id_attribute: 'objectGUID',
    login_attribute: 'sAMAccountName',
    name_attribute: 'displayName',
    email_attribute: 'mail',
  },
  openldap: {
    filter: '(&(objectClass=inetOrgPerson)(uid={login}))',
    id_attribute: 'entryUUID',
    login_attribute: 'uid',
    name_attribute: 'cn',
    email_attribute: 'mail',
  },
};

export const DIRECTORY_KINDS: readonly DirectoryKind[] = ['active_directory', 'openldap'];

const PORTS: Record<Directory['security'], number> = { ldaps: 636, start_tls: 389, none: 389 };

export function newDirectory(): Directory {
  return {
    host: '',
    port: PORTS.ldaps,
    security: 'ldaps',
    accepts_clear_text: false,
    authority: '',
    bind_dn: '',
    base_dn: '',
    ...USUAL.active_directory,
  };
}

export function withKind(directory: Directory, kind: DirectoryKind): Directory {
  return { ...directory, ...USUAL[kind] };
}

/** The kind whose usual values stand there; null for others. */
export function kindOf(directory: Directory): DirectoryKind | null {
  const isUsual = (kind: DirectoryKind): boolean =>
    (Object.keys(USUAL[kind]) as (keyof Usual)[]).every((name) => USUAL[kind][name] === directory[name]);
  return DIRECTORY_KINDS.find(isUsual) ?? null;
}

/** Another protection; a port that was the usual one of the old becomes that of the new. */
export function withSecurity(directory: Directory, security: Directory['security']): Directory {
  const port = directory.port === PORTS[directory.security] ? PORTS[security] : directory.port;
  return { ...directory, security, port, accepts_clear_text: security === 'none' && directory.accepts_clear_text };
}

/** Whether a stored password goes on to where this one says; the server judges the same. */
export function keepsSecret(directory: Directory, stored: Directory): boolean {
  return (['host', 'port', 'security', 'authority', 'bind_dn'] as const).every((name) => {
    const [now, before] = [directory[name], stored[name]];
    return typeof now === 'string' && typeof before === 'string' ? now.trim().toLowerCase() === before.trim().toLowerCase() : now === before;
  });
}
