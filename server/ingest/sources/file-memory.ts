import type { FilePosition } from '../../store/state/positions.ts';

/** A followed file as it is remembered. */
export type RememberedFile = FilePosition;

/** What followed files need to be found again; served by the state store. How far a file is durable, the books write. */
export interface FileMemory {
  /** All files known of a source. */
  all(source: string): Promise<RememberedFile[]>;
  create(file: RememberedFile): Promise<void>;
  /** Takes in another name, another inode or a longer head. */
  identify(
    file: Pick<RememberedFile, 'id' | 'path' | 'device' | 'inode' | 'headHash' | 'headLength'>,
  ): Promise<void>;
  /** Nothing more is read from it: it is read to its end and won't grow. */
  finish(id: string): Promise<void>;
  /** Until when a source was followed before, epoch ms; `null` at its first start ever, which this marks. */
  begin(source: string): Promise<number | null>;
  /** All files that were there at that moment are known. */
  alive(source: string, at: number): Promise<void>;
}
