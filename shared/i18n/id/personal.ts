export const personal = {
  'personal.pseudonym':
    'Nama samaran: alamat atau nama akun yang tidak boleh Anda lihat. Nilai yang sama selalu mendapat nama samaran yang sama.',
  'personal.withheld': 'disembunyikan',
  'personal.withheld.why': 'Dapat memuat data pribadi, yang tidak boleh Anda lihat.',
  'personal.search.hint': 'bidang:nilai, atau nama samaran seperti ip-…',
  'personal.detail.raw': 'Baris asli, disamarkan',
  'personal.refused':
    'Ini data pribadi. Tanpa izin untuk itu, cari memakai nama samaran; baris asli tidak dapat ditelusuri.',
  'export.csv': 'Ekspor CSV',
  'export.ndjson': 'NDJSON',
  'export.hint': 'Paling banyak {max} peristiwa terbaru; ekspor tercatat di log audit. TLP:AMBER.',
} as const;
