import type { Command } from './command.ts';

/**
 * Every command there is, in the order of `siaga --help`; a new one is one file in `commands/` and one line here.
 * Loaded when called: none waits for the libraries of another.
 */
export const commands = {
  audit: async () => (await import('./commands/audit.ts')).audit,
  import: async () => (await import('./commands/import.ts')).importCommand,
  ledger: async () => (await import('./commands/ledger.ts')).ledger,
  parse: async () => (await import('./commands/parse.ts')).parse,
  rules: async () => (await import('./commands/rules.ts')).rules,
  scan: async () => (await import('./commands/scan.ts')).scan,
  simulate: async () => (await import('./commands/simulate.ts')).simulate,
  start: async () => (await import('./commands/start.ts')).start,
  token: async () => (await import('./commands/token.ts')).token,
  user: async () => (await import('./commands/user.ts')).user,
} as const satisfies Record<string, () => Promise<Command>>;

export type CommandName = keyof typeof commands;

export const commandNames = Object.keys(commands) as readonly CommandName[];

/** Whether there is a command of that name; safe for hostile names such as `__proto__`. */
export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commands, name);
