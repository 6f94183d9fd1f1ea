import type { Result } from '../../shared/result.ts';
import type { ImportDone, ImportedFile, ImportPiece } from '../ingest/sources/import-desk.ts';
import type { AnswerOf, ArgsOf, CallName } from './calls.ts';

/** What became of a piece. */
export interface PieceReceipt {
  readonly stored: number;
  readonly unparsed: number;
  /** Where in the file what follows begins. */
  readonly end: number;
}

/** A command's way to the stores: through a running server, or opened by itself. */
export interface Control {
  /** Rejects when the server is gone. */
  call<N extends CallName>(name: N, args: ArgsOf<N>): Promise<Result<AnswerOf<N>>>;
  /** Imports a file; rejects when the server is gone or the pieces end with an error: what was told of is kept. */
  importFile(
    file: ImportedFile,
    pieces: AsyncIterable<ImportPiece>,
    told: (receipt: PieceReceipt) => void,
  ): Promise<Result<ImportDone>>;
  close(): Promise<void>;
}
