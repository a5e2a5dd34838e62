/** Where one kind of bytes from outside is read, and what must hold for all of them. */
export interface Target {
  readonly name: string
  /** What the input is, for people. */
  readonly input: string
  /** Inputs to begin with: real ones. */
  readonly seeds: () => readonly (Buffer | string)[]
  /**
   * Reads an input.
   *
   * @throws Error when a property does not hold: a finding.
   */
  readonly run: (input: Buffer) => void | Promise<void>
  /** Closes what it has opened. */
  readonly close?: () => Promise<void>
}
