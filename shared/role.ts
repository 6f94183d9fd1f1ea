/** Roles, least first: each may do all that those before it may. */
export const roles = ['viewer', 'analyst', 'lead', 'admin'] as const;
export type Role = (typeof roles)[number];

export const hasRole = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);
