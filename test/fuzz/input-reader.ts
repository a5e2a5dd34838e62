/** Takes values from an input, one after the other: as many as it has bytes for, then zeros. */
export class InputReader {
  readonly #input: Buffer
  #at = 0

  /** Begins at the first byte. @param input Of any size. */
  constructor(input: Buffer) {
    this.#input = input
  }

  /** Whether everything has been taken. */
  get isAtEnd(): boolean {
    return this.#at >= this.#input.length
  }

  /** Takes one byte. */
  byte(): number {
    this.#at += 1
    return this.#input[this.#at - 1] ?? 0
  }

  /** Takes six bytes as a number. */
  number(): number {
    return Array.from({ length: 6 }, () => this.byte()).reduce((sum, byte) => sum * 256 + byte, 0)
  }

  /** Takes a length of one byte, and so many bytes. */
  bytes(): Buffer {
    const length = this.byte()
    this.#at += length
    return Buffer.from(this.#input.subarray(this.#at - length, this.#at))
  }

  /** Takes one of some elements. */
  pick<T>(elements: readonly T[]): T {
    return elements[this.byte() % elements.length] as T
  }
}
