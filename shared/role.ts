/** Roles, least first; what each may is in `authority.ts`. */
export const roles = ['viewer', 'analyst', 'lead', 'admin'] as const;
export type Role = (typeof roles)[number];
