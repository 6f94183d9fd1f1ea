import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { eventOf } from './sigma-events.ts';

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
];

const targets: readonly (readonly [string, string, number])[] = [
  ['GET', '/', 200],
  ['GET', '/pendaftaran/unggah?langkah=2&partai=07', 200],
  ['POST', '/api/v1/dokumen/unggah?nama=AD..ART%20Partai%20(final).pdf', 201],
  ['GET', "/cari?q=Ma'ruf%20Amin", 200],
  ['GET', '/cari?q=Jum%27at+or+Sabtu', 200],
  ['GET', '/berita/2026/02/hasil-verifikasi-administrasi-partai-politik-calon-peserta-pemilu', 200],
  ['GET', '/assets/index-Bx81kQ2p.js?v=1.4.2', 304],
  ['GET', '/assets/fonts/inter-var.woff2', 200],
  ['GET', '/favicon.ico', 404],
  ['GET', '/apple-touch-icon.png', 404],
  ['GET', '/.well-known/acme-challenge/9vS3x', 200],
  ['GET', '/api/v1/anggota?provinsi=11&halaman=3&urut=nama%20asc', 200],
  ['PUT', '/api/v1/profil/pengurus/1281', 403],
  ['GET', '/unduh/formulir-F1.xlsx?download=1', 200],
];

/** Requests as people make them on a party registration site, with a mistyped login now and then; always the same ones. */
export function ordinaryEvents(count: number): SiagaEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const [method, target, status] = targets[index % targets.length] ?? ['GET', '/', 200];
    const [path = '/', query = null] = target.split('?');
    const address = `198.51.100.${index % 250}`;
    const agent = agents[index % agents.length] ?? '';
    const login = index % 97 === 0;
    return eventOf({
      '@timestamp': Date.UTC(2026, 1, 10, 2) + index * 250,
      'event.dataset': 'access',
      'event.category': login ? 'authentication' : 'web',
      'event.action': login ? 'user-login' : null,
      'event.outcome': login && index % 291 === 0 ? 'failure' : 'success',
      'source.ip': address,
      'http.request.method': method,
      'url.original': target,
      'url.path': path,
      'url.query': query,
      'http.version': '1.1',
      'http.response.status_code': status,
      'http.response.body.bytes': 5_120,
      'http.request.referrer': 'https://daftar.example.org/pendaftaran',
      'user_agent.original': agent,
      'siaga.client.class': 'browser',
      'event.original': `${address} - - [10/Feb/2026:10:00:00 +0700] "${method} ${target} HTTP/1.1" ${status} 5120 "-" "${agent}"`,
    });
  });
}
