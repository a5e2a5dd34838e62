import { type BinaryString, binaryString } from './binary-string.ts'

/** What can be packed. */
export type Field = string | number | Buffer | undefined

/**
 * Fields in MessagePack, byte for byte as Lua's `cmsgpack.pack` writes them. Only numbers that are negative, fractional or unsafe
 * are always doubles here, which Lua reads as the same numbers.
 */
export class Packed {
  readonly bytes: BinaryString

  private constructor(bytes: string) {
    this.bytes = bytes as BinaryString
  }

  /**
   * Packs fields. Source: https://github.com/msgpack/msgpack/blob/master/spec.md
   *
   * @param fields Strings are packed in UTF-8. `undefined` is packed as nil, or left out at the end.
   */
  static of(...fields: readonly Field[]): Packed {
    let bytes = ''
    let absent = 0
    for (const field of fields) {
      if (field === undefined) {
        absent += 1
        continue
      }
      if (absent > 0) bytes += NIL.repeat(absent)
      absent = 0
      bytes += typeof field === 'number' ? packNumber(field) : packString(binaryString(field))
    }
    return new Packed(bytes)
  }
}

const NIL = '\xc0'
const UINT32_RANGE = 2 ** 32

// By size: positive fixint, uint 8, uint 16, uint 32, uint 64.
function packNumber(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) return packDouble(value)
  if (value < 0x80) return String.fromCharCode(value)
  if (value <= 0xff) return String.fromCharCode(0xcc, value)
  if (value <= 0xffff) return String.fromCharCode(0xcd, value >>> 8, value & 0xff)
  if (value < UINT32_RANGE) return `\xce${uint32(value)}`
  return `\xcf${uint32(Math.floor(value / UINT32_RANGE))}${uint32(value % UINT32_RANGE)}`
}

function packDouble(value: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return `\xcb${binaryString(bytes)}`
}

// By length: fixstr, str 8, str 16, str 32.
function packString(bytes: BinaryString): string {
  const { length } = bytes
  if (length < 0x20) return String.fromCharCode(0xa0 | length) + bytes
  if (length <= 0xff) return String.fromCharCode(0xd9, length) + bytes
  if (length <= 0xffff) return String.fromCharCode(0xda, length >>> 8, length & 0xff) + bytes
  return `\xdb${uint32(length)}${bytes}`
}

function uint32(value: number): string {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
}
