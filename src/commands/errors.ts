/** A failure of a command, with a message for the person at the terminal. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
  /** 1 for a failure, 2 for incorrect usage. */
  readonly exitStatus: 1 | 2

  /**
   * Creates the error for a message without a prefix or a line end.
   *
   * @param message What went wrong.
   */
  constructor(message: string, { exitStatus = 1 }: { readonly exitStatus?: 1 | 2 } = {}) {
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
