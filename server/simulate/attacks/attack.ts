import type { Random } from '../random.ts';
import type { World } from '../world.ts';

/** One attack, from its first step on; all further steps are scheduled. */
export type Attack = (world: World, at: number) => void;

export const scannerAgents = [
  'Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)',
  'Mozilla/5.00 (Nikto/2.5.0) (Evasions:None)',
  'gobuster/3.6',
] as const;

export const toolAgents = ['python-requests/2.32.3', 'curl/8.5.0', 'Go-http-client/1.1'] as const;

/** An address of an attacker: high in the documentation ranges, where no party has its office. */
export function attackerAddress(random: Random): string {
  if (random.chance(0.2)) return `2001:db8:bad:${random.whole(1, 9_999)}::${random.whole(1, 99)}`;
  const net = random.pick(['192.0.2', '198.51.100', '203.0.113']);
  return `${net}.${random.whole(205, 250)}`;
}
