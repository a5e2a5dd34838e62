import { crc32, inflateSync } from 'node:zlib'

/** A pixel: red, green, blue and alpha, each from 0 to 255. */
export type Pixel = readonly number[]

/** A PNG as a browser would read it. */
export interface Png {
  readonly width: number
  readonly height: number
  /** Returns a pixel, counted from the upper left corner. */
  at(x: number, y: number): Pixel
}

/** Decodes a PNG of 8-bit RGBA whose rows have no filter. @throws Error when a chunk is damaged. */
export function decodePng(bytes: Buffer): Png {
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const content = bytes.subarray(at + 4, at + 8 + length)
    if (crc32(content) !== bytes.readUInt32BE(at + 8 + length)) throw new Error('a damaged chunk')
    chunks.set(content.toString('latin1', 0, 4), content.subarray(4))
    at += 12 + length
  }
  const header = chunks.get('IHDR') ?? Buffer.alloc(13)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))
  const stride = 1 + width * 4
  if (rows.length !== stride * height) throw new Error('not as many pixels as the header says')
  return { width, height, at: (x, y) => [...rows.subarray(y * stride + 1 + x * 4).subarray(0, 4)] }
}
