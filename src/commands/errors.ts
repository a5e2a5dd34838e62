import { DomainError } from '../errors.ts'

/**
 * 1 for a failure, 2 for incorrect usage, 78 for a worker whose configuration cannot start, 130 and 143 for a command that ended
 * early because of SIGINT and SIGTERM.
 */
export type ExitStatus = 1 | 2 | 78 | 130 | 143

/** A failure of a command, with a message for the person at the terminal. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
  readonly exitStatus: ExitStatus

  /**
   * Creates the error for a message without a prefix or a line end.
   *
   * @param message What went wrong.
   */
  constructor(message: string, { exitStatus = 1 }: { readonly exitStatus?: ExitStatus } = {}) {
    super(message)
    this.exitStatus = exitStatus
  }
}

/** An incorrect command line. The message is followed by the usage of the command. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError'

  /**
   * Creates the error for a message without a prefix or a line end.
   *
   * @param message What is wrong. It must not quote arguments or values, which may be API tokens.
   */
  constructor(message: string) {
    super(message, { exitStatus: 2 })
  }
}

/** Returns what the person at the terminal is told of an error. */
export function explain(error: unknown): string {
  if (error instanceof DomainError && error.cause instanceof Error)
    return `${error.code}: ${error.cause.message}`
  return error instanceof Error ? error.message : String(error)
}
