import type { AuditLog } from '../audit/audit-log.ts';
import type { ImportDesk } from '../ingest/sources/import-desk.ts';

/** Notes each import when it begins and when it ends, whatever it came to. */
export function noteImports(desk: ImportDesk, audit: Pick<AuditLog, 'note'>): ImportDesk {
  const own = { actor: 'command line', agency: '', via: 'command line' } as const;
  return {
    ...desk,
    take: async (file, pieces, told) => {
      const target = `source ${file.source}`;
      const detail = { file: file.file.path, from: file.from, format: file.format };
      await audit.note({ ...own, action: 'import:begun', target, detail });
      const end = (outcome: 'done' | 'refused', result: object): Promise<void> =>
        audit.note({ ...own, action: 'import:ended', outcome, target, detail: { ...detail, ...result } });
      try {
        const result = await desk.take(file, pieces, told);
        await (result.ok ? end('done', result.value) : end('refused', { code: result.code }));
        return result;
      } catch (error) {
        await end('refused', { code: 'broken-off' });
        throw error;
      }
    },
  };
}
