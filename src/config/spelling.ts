/**
 * Returns the edit distance of two words, or infinity if it exceeds a maximum. Compares the lengths first, which is cheap.
 */
export function distanceWithin(maximum: number, a: string, b: string): number {
  if (Math.abs(a.length - b.length) > maximum) return Number.POSITIVE_INFINITY
  const distance = editDistance(a, b, maximum)
  return distance > maximum ? Number.POSITIVE_INFINITY : distance
}

/**
 * Counts the letters that must be inserted, deleted, replaced or swapped with their neighbour to turn one word into
 * another (optimal string alignment: G. Navarro, "A guided tour to approximate string matching", 2001, section 3).
 *
 * @param maximum Beyond it, the result may be infinity.
 */
function editDistance(a: string, b: string, maximum: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped))
    }
    // No later row gets below both of these.
    if (Math.min(...last, ...row) > maximum) return Number.POSITIVE_INFINITY
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
