import { crc32 } from 'node:zlib'

/**
 * The end of an encoded record with a sum, which MessagePack makes its last field: `sum`, and 4 bytes. 0.1.0
 * ignores the field, and writes none.
 */
const FIELD = Buffer.from([0xa3, ...Buffer.from('sum'), 0xc4, 4])
const SUM_BYTES = 4

/** Characters of an account id and of a record id. */
const ID_LENGTHS = [22, 25]

/** The tables whose records have sums. */
export const SUMMED_TABLES = ['pairs', 'guesses', 'burnAttempts', 'accounts', 'aliases'] as const

/** The name of a table whose records have sums. */
export type SummedTable = (typeof SUMMED_TABLES)[number]

/** The value of the field before the sum is known. */
export const NO_SUM = Buffer.alloc(SUM_BYTES)

/** Writes the sum of a key and of a record that was encoded with `NO_SUM` in its last field. */
export function writeSum(key: string | Buffer, encoded: Buffer): void {
  encoded.writeUInt32BE(sumOf(key, encoded), encoded.length - SUM_BYTES)
}

/** Tells whether an encoded record has the right sum, or none like those of 0.1.0, and then a key as long as an id. */
export function hasRightSum(key: string | Buffer, encoded: Buffer): boolean {
  const end = encoded.length - SUM_BYTES
  const field = end - FIELD.length
  // A wrong length of the key would move the sum away from the end.
  if (field < 0 || FIELD.compare(encoded, field, end) !== 0) return ID_LENGTHS.includes(key.length)
  return encoded.readUInt32BE(end) === sumOf(key, encoded)
}

// zlib reads a string in UTF-8, as lmdb-js stores it.
function sumOf(key: string | Buffer, encoded: Buffer): number {
  return crc32(encoded.subarray(0, -SUM_BYTES), crc32(key))
}
