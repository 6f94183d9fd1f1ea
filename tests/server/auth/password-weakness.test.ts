import { describe, expect, test } from 'vitest';
import { partyWords } from '../../../server/auth/context-words.ts';
import { passwordWeakness } from '../../../server/auth/password-weakness.ts';
import { defaultAgencies } from '../../../shared/authority.ts';

const rules = {
  agencies: defaultAgencies,
  contextWords: partyWords([{ name: 'Partai Kebangkitan Bangsa' }, { name: 'Partai Nanggroe Aceh' }]),
};
const weaknessOf = async (password: string) => {
  const judged = await passwordWeakness(password, { name: 'budi', agency: 'KPU' }, rules);
  return judged.ok ? null : `${judged.code}: ${judged.message}`;
};

describe('a password', () => {
  test.each([
    ['password1234'],
    ['Password2024!'],
    ['P@ssw0rd12345'],
    ['qwertyuiop123'],
    ['1q2w3e4r5t6y'],
    ['passwordpassword'],
    ['123qweasdzxc'],
    ['!!!dragon2026'],
    ['Dragon123456789'],
    ['iloveyou123456'],
  ])('%s is known from leaks', async (password) => {
    expect(await weaknessOf(password)).toMatch(/^leaked-password: .*leaks/);
  });

  test.each([
    ['Siaga-KPU-2026'],
    ['s1aga.kpu.2026!'],
    ['KomisiPemilihanUmum'],
    ['Pemilu2029Pemilu'],
    ['sipol_admin_2026'],
    ['BSSN1234567890bssn'],
    ['Kebangkitan-Bangsa-1'],
    ['partai.Nanggroe.2026'],
  ])('%s is of this place', async (password) => {
    expect(await weaknessOf(password)).toMatch(/^local-password: .*this place/);
  });

  test.each([
    ['aaaaaaaaaaaaaa', /different characters/],
    ['saya-Budi-di-kantor', /user name/],
  ])('%s is refused', async (password, why) => {
    expect(await weaknessOf(password)).toMatch(why);
  });

  test.each([
    ['correct horse battery staple'],
    ['kata-sandi-uji-9Q'],
    ['sungai deras di hulu'],
    ['kpu dan tujuh belas kelinci'],
    ['8f3b-11c9-77ad-0e52'],
    ['ψυχή και σώμα 12'],
  ])('%s is taken', async (password) => {
    expect(await weaknessOf(password)).toBeNull();
  });
});
