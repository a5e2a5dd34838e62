/** Says why a command was not carried out. The message is for the person at the terminal. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
  /** 1 when the command failed, 2 when it was called wrongly. */
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

/** Says what is wrong with a command line. The usage of the command follows the message. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError'

  /**
   * Creates the error for a message without a prefix or a line end.
   *
   * @param message What is wrong. It quotes no value of an option, which may be an API token.
   */
  constructor(message: string) {
    super(message, { exitStatus: 2 })
  }
}
