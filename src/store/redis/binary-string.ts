import type { Brand } from '../../brand.ts'

/** A string in which each character is a byte. */
export type BinaryString = Brand<string, 'binary string'>

/** Returns a buffer, or a text in UTF-8, as a binary string. */
export function binaryString(value: string | Buffer): BinaryString {
  if (typeof value === 'object') return value.toString('latin1') as BinaryString
  const bytes = Buffer.byteLength(value) === value.length ? value : Buffer.from(value).toString('latin1')
  return bytes as BinaryString
}
