/**
 * Draws a password uniformly from all that have at least one character of each set.
 *
 * @param length In characters, at least one for each set.
 * @param sets Not empty, and without a character in common.
 */
export function drawPassword(length: number, sets: readonly string[]): string {
  const alphabet = sets.join('')
  // Drawing again keeps the distribution uniform.
  for (;;) {
    const password = Array.from({ length }, () => alphabet.charAt(drawBelow(alphabet.length))).join('')
    if (sets.every((set) => Array.from(set).some((character) => password.includes(character))))
      return password
  }
}

/** Draws a number below a limit of at most 256. Bytes that would favour the first numbers are discarded. */
function drawBelow(limit: number): number {
  const unbiased = 256 - (256 % limit)
  for (;;) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1))
    if (byte < unbiased) return byte % limit
  }
}
