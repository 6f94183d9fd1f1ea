import type { Permission } from '../../shared/authority.ts';

/** Screens for those who administer, in the order of the menu; each takes a permission. */
export const administration = [
  { href: '/users', label: 'nav.users', permission: 'users:read' },
  { href: '/walls', label: 'walls.title', permission: 'walls:manage' },
  { href: '/audit', label: 'nav.audit', permission: 'audit:read' },
] as const satisfies readonly { href: string; label: string; permission: Permission }[];
