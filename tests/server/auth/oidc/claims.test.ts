import { describe, expect, test } from 'vitest';
import { personOf, type Claims, type ClaimRules } from '../../../../server/auth/oidc/claims.ts';

const rules: ClaimRules = {
  claims: { name: 'preferred_username', role: 'realm_access.roles', agency: null },
  roles: new Map([
    ['siaga-viewer', 'viewer'],
    ['siaga-lead', 'lead'],
    ['siaga-admin', 'admin'],
  ]),
  agencies: new Map([['KPU', 'KPU']]),
  requireMfa: true,
  mfa: { amr: ['mfa', 'otp'], acr: ['2'] },
  ownAgency: 'KPU',
};
const claims = (more: Claims = {}): Claims => ({
  iss: 'https://sso.kpu.example/realms/kpu',
  sub: 'f81d4fae',
  preferred_username: 'siti',
  realm_access: { roles: ['offline_access', 'siaga-viewer'] },
  amr: ['otp'],
  ...more,
});
const withRoles = (...roles: unknown[]) => claims({ realm_access: { roles } });
const judged = (given: Claims, changes: Partial<ClaimRules> = {}) =>
  personOf(given, { ...rules, ...changes });

describe('who claims describe', () => {
  test('is a person bound by issuer and subject', () => {
    expect(judged(claims())).toEqual({
      ok: true,
      value: {
        externalId: 'https://sso.kpu.example/realms/kpu f81d4fae',
        name: 'siti',
        role: 'viewer',
        agency: 'KPU',
      },
    });
  });

  test('has the highest of several roles', () => {
    expect(judged(withRoles('siaga-admin', 'siaga-viewer', 'siaga-lead'))).toMatchObject({
      value: { role: 'admin' },
    });
  });

  test.each<[string, Claims, string]>([
    ['one role as a text', { roles: 'siaga-viewer' }, 'roles'],
    [
      'a name with dots that is a claim',
      { 'https://kpu.example/roles': ['siaga-viewer'] },
      'https://kpu.example/roles',
    ],
    ['a path', { a: { b: { c: ['siaga-viewer'] } } }, 'a.b.c'],
  ])('has the role of %s', (_title, more, role) => {
    const found = judged(claims(more), { claims: { ...rules.claims, role } });
    expect(found).toMatchObject({ value: { role: 'viewer' } });
  });

  test.each<[string, Claims, string]>([
    ['no subject', claims({ sub: undefined }), 'invalid-answer'],
    ['a subject that is too long', claims({ sub: 'a'.repeat(256) }), 'invalid-answer'],
    ['a subject that is no ASCII', claims({ sub: 'sïti' }), 'invalid-answer'],
    ['no issuer', claims({ iss: undefined }), 'invalid-answer'],
    ['no role', withRoles(), 'no-role'],
    ['a role of the prototype', withRoles('constructor', '__proto__'), 'no-role'],
    ['roles that are no list', claims({ realm_access: 'siaga-admin' }), 'no-role'],
    ['a role that begins like one', withRoles('siaga-admin '), 'no-role'],
    ['no second factor', claims({ amr: ['pwd'] }), 'second-factor'],
    ['amr that is a number', claims({ amr: 2 }), 'second-factor'],
    ['another acr', claims({ amr: undefined, acr: '1' }), 'second-factor'],
    ['a name with a space', claims({ preferred_username: 'si ti' }), 'bad-name'],
    ['a name with a character that is not seen', claims({ preferred_username: 'siti\u200b' }), 'bad-name'],
  ])('with %s is refused', (_title, given, code) => {
    expect(judged(given)).toMatchObject({ ok: false, code });
  });

  test.each([
    ['siaga-viewer', true],
    ['siaga-lead', false],
    ['siaga-admin', false],
  ])('without a second factor, where it is not required of all, %s: %s', (role, isLetIn) => {
    const found = judged({ ...withRoles(role), amr: ['pwd'] }, { requireMfa: false });
    expect(found.ok).toBe(isLetIn);
  });

  test('is not taken from prototypes', () => {
    const found = judged(claims(), { claims: { ...rules.claims, role: 'constructor.name' } });
    expect(found).toMatchObject({ code: 'no-role' });
  });
});
