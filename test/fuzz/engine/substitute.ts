import type { Compared, Difference } from './comparisons.ts'

const MAX_PLACES = 4

/**
 * Returns the inputs in which a value that the code compared is replaced by what it was compared with, at each place where the
 * input contains it.
 */
export function substitutions(input: Buffer, differences: readonly Difference[]): Buffer[] {
  const found = new Map<string, Buffer>()
  for (const [left, right] of differences) {
    for (const [from, to] of [...encodings(left, right), ...encodings(right, left)]) {
      for (const place of places(input, from)) {
        const changed = Buffer.concat([input.subarray(0, place), to, input.subarray(place + from.length)])
        found.set(changed.toString('latin1'), changed)
      }
    }
  }
  return [...found.values()]
}

function places(input: Buffer, part: Buffer): number[] {
  const found: number[] = []
  for (
    let at = input.indexOf(part);
    at !== -1 && found.length < MAX_PLACES;
    at = input.indexOf(part, at + 1)
  ) {
    found.push(at)
  }
  return found
}

function encodings(from: Compared, to: Compared): (readonly [Buffer, Buffer])[] {
  if (typeof from === 'number' && typeof to === 'number') return numberEncodings(from, to)
  if (typeof from === 'number' || typeof to === 'number') return []
  return [[Buffer.from(from), Buffer.from(to)]]
}

function numberEncodings(from: number, to: number): (readonly [Buffer, Buffer])[] {
  const decimal = [to - 1, to, to + 1].map((number) => [String(from), String(number)] as const)
  const found: [Buffer, Buffer][] = decimal.map(([a, b]) => [Buffer.from(a), Buffer.from(b)])
  for (const size of [1, 2, 4] as const) {
    const limit = 2 ** (8 * size)
    if (from < 0 || to < 0 || from >= limit || to >= limit) continue
    found.push([bigEndian(from, size), bigEndian(to, size)])
    if (size > 1) found.push([bigEndian(from, size).reverse(), bigEndian(to, size).reverse()])
  }
  return found
}

function bigEndian(number: number, size: 1 | 2 | 4): Buffer {
  const bytes = Buffer.alloc(size)
  bytes.writeUIntBE(number, 0, size)
  return bytes
}
