/** Fields in MessagePack, one after the other, as `cmsgpack.pack` of Lua puts them. A script can store them as they are. */
export class Packed {
  /** Each character is a byte. */
  readonly bytes: string

  private constructor(bytes: string) {
    this.bytes = bytes
  }

  /**
   * Packs fields: https://github.com/msgpack/msgpack/blob/master/spec.md
   *
   * @param fields Undefined becomes nil between others, and is left out at the end.
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
      bytes += typeof field === 'number' ? packedNumber(field) : packedText(bytesOf(field))
    }
    return new Packed(bytes)
  }
}

/** A field of a record. */
export type Field = string | number | Buffer | undefined

/** Returns the UTF-8 of a text, or a buffer, as a string in which each character is a byte. */
export function bytesOf(value: string | Buffer): string {
  if (typeof value === 'object') return value.toString('latin1')
  return Buffer.byteLength(value) === value.length ? value : Buffer.from(value).toString('latin1')
}

const NIL = '\xc0'
const WORD = 2 ** 32

function packedNumber(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) return packedDouble(value)
  if (value < 0x80) return String.fromCharCode(value)
  if (value <= 0xff) return String.fromCharCode(0xcc, value)
  if (value <= 0xffff) return String.fromCharCode(0xcd, value >>> 8, value & 0xff)
  if (value < WORD) return `\xce${packedWord(value)}`
  return `\xcf${packedWord(Math.floor(value / WORD))}${packedWord(value % WORD)}`
}

function packedDouble(value: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return `\xcb${bytes.toString('latin1')}`
}

function packedWord(word: number): string {
  return String.fromCharCode(word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff)
}

function packedText(bytes: string): string {
  const { length } = bytes
  if (length < 0x20) return String.fromCharCode(0xa0 | length) + bytes
  if (length <= 0xff) return String.fromCharCode(0xd9, length) + bytes
  if (length <= 0xffff) return String.fromCharCode(0xda, length >>> 8, length & 0xff) + bytes
  return `\xdb${packedWord(length)}${bytes}`
}
