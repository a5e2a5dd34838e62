/** Why a record of an old server cannot be moved. */
export type UnusableReason =
  /** It holds the text of an email that verifies an address or resets a password of the old server. */
  | 'verification'
  /** It was revealed or burned, and still exists. */
  | 'consumed'
  /** It expired or was revealed while the import ran. */
  | 'gone'
  | 'damaged'

/** A record of an old server that cannot be moved. Its message says what is wrong, without quoting it. */
export class UnusableRecord extends Error {
  override readonly name = 'UnusableRecord'
  readonly reason: UnusableReason

  /**
   * Creates the error.
   *
   * @param detail What is wrong with a damaged record, as a part of a sentence.
   */
  constructor(reason: UnusableReason, detail: string = reason) {
    super(detail)
    this.reason = reason
  }
}
