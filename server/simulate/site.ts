import type { Random } from './random.ts';

/** What the imagined registration site serves: pages of its two audiences, and what pages load. */

export const publicPages = [
  '/',
  '/',
  '/beranda',
  '/pengumuman',
  '/pengumuman/jadwal-pendaftaran',
  '/partai',
  '/partai/daftar',
  '/statistik/anggota',
  '/bantuan',
  '/bantuan/syarat-pendaftaran',
  '/cek-keanggotaan',
  '/berita/verifikasi-administrasi',
  '/cari?q=syarat+pendaftaran',
  '/cari?q=partai%20lokal%20aceh',
] as const;

/** Path prefix and whether it ends in a number. */
const operatorPages = [
  ['GET', '/sipol/beranda', false],
  ['GET', '/sipol/anggota', false],
  ['GET', '/sipol/anggota?halaman=', true],
  ['POST', '/sipol/anggota/unggah', false],
  ['POST', '/sipol/anggota/unggah', false],
  ['GET', '/sipol/anggota/unggah/status/', true],
  ['GET', '/sipol/dokumen', false],
  ['GET', '/sipol/dokumen/', true],
  ['POST', '/sipol/dokumen/unggah', false],
  ['GET', '/sipol/kepengurusan/provinsi', false],
  ['GET', '/sipol/kepengurusan/kabupaten/', true],
  ['PUT', '/sipol/kepengurusan/', true],
  ['GET', '/sipol/kantor', false],
  ['GET', '/sipol/verifikasi/ringkasan', false],
  ['GET', '/sipol/unduh/berita-acara/', true],
] as const;

/** What a page of the site loads. */
export const assets = [
  '/aset/aplikasi.4f2c81.js',
  '/aset/aplikasi.4f2c81.css',
  '/aset/vendor.a90d3e.js',
  '/aset/logo.svg',
  '/aset/huruf/inter.woff2',
  '/aset/gambar/spanduk.webp',
] as const;

/** Paths that ordinary clients ask for and the site doesn't have. */
export const missing = [
  '/favicon.ico',
  '/favicon.ico',
  '/apple-touch-icon.png',
  '/apple-touch-icon-precomposed.png',
  '/pengumuman/lama/2022',
  '/ads.txt',
] as const;

export const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
] as const;

export const crawlers = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
] as const;

/** A request that an operator at work may make. */
export function operatorRequest(random: Random): { method: string; target: string } {
  const [method, prefix, numbered] = random.pick(operatorPages);
  return { method, target: numbered ? `${prefix}${random.whole(1, 400)}` : prefix };
}

/** Size of a page's body, in bytes: most are small, few are large. */
export const pageBytes = (random: Random): number => 1_800 + Math.floor(random.next() ** 3 * 60_000);
