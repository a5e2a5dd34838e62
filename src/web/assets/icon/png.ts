import { crc32, deflateSync } from 'node:zlib'
import { CHANNELS, type Picture } from './paint.ts'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const BITS = 8
const TRUECOLOUR_WITH_ALPHA = 6
const SIZE_AT = 16

/** Encodes a picture as PNG (W3C PNG, third edition). */
export function encodePng({ size, pixels }: Picture): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([BITS, TRUECOLOUR_WITH_ALPHA], 8)
  // Each row begins with its filter: 0, none.
  const rows = Array.from({ length: size }, (_, row) =>
    Buffer.concat([Buffer.alloc(1), pixels.subarray(row * size * CHANNELS, (row + 1) * size * CHANNELS)]),
  )
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND')]
  return Buffer.concat([SIGNATURE, ...parts])
}

/** Returns the pixels on each side of a PNG that is square; undefined for any other file. */
export function squarePngSize(file: Buffer): number | undefined {
  if (file.length < SIZE_AT + 8 || !file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return undefined
  const [width, height] = [file.readUInt32BE(SIZE_AT), file.readUInt32BE(SIZE_AT + 4)]
  return width === height ? width : undefined
}

function chunk(type: string, data = Buffer.alloc(0)): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, sum])
}
