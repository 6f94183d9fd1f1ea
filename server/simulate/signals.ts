import { again, type World } from './world.ts';

const waitMs = { least: 10_000, most: 24_000 };
const firstHighAfterMs = 180_000;
const highShare = 0.03;

/** Rule and reason, as a system that looks for anomalies would word them. */
const checks = [
  ['Volume unggah tak lazim', 'unggahan 10 menit terakhir di atas kebiasaan akun'],
  ['Waktu akses tak lazim', 'akses di luar jam kerja yang biasa'],
  ['Perangkat baru', 'peramban yang belum pernah dipakai akun ini'],
  ['Urutan halaman mirip mesin', 'jeda antarhalaman hampir sama'],
  ['Unduhan beruntun', 'banyak berita acara diunduh berurutan'],
  ['Perubahan kepengurusan massal', 'banyak baris kepengurusan diubah sekaligus'],
] as const;

/** Signals of a system that looks for anomalies: mostly low scores, seldom a high one, none high in the first minutes. */
export function startSignals(world: World): void {
  const { random, startedAt, population } = world;
  if (population.present.length === 0) return;
  const wait = (): number => random.between(waitMs.least, waitMs.most);
  again(world, startedAt + wait(), wait, (at) => {
    const { name, party, address } = random.pick(population.present);
    const [rule, reason] = random.pick(checks);
    const isHigh = random.chance(highShare) && at - startedAt > firstHighAfterMs;
    world.report(at, {
      'event.kind': 'alert',
      'event.category': 'intrusion_detection',
      'event.risk_score': isHigh ? random.whole(75, 96) : random.whole(8, 55),
      'event.reason': reason,
      'rule.name': rule,
      'siaga.signal.subject': `akun ${name}`,
      'user.name': name,
      'organization.id': party.id,
      'source.ip': address,
    });
  });
}
