/** What a command ends with: done; the answer is "no" or it failed at work; it was called or configured wrongly. */
export const exitCodes = { ok: 0, no: 1, usage: 2 } as const;

/** A way out for text. */
export interface Output {
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number;
  /** Resolves once there is room for more, so that whoever awaits it never fills the memory. */
  write(text: string | Uint8Array): Promise<void>;
}

/** Everything a command may touch of the process. */
export interface CommandIo {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly cwd: string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** One command of `siaga`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints: usage, every option, the exit codes; ends with a line feed. */
  readonly help: string;
  /** Runs with the arguments after the command's name; resolves with the exit code. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}
