const HEADER_BYTES = 22
const LARGEST = 256

/**
 * Wraps a square PNG as an icon file, which has contained PNG since Windows Vista.
 *
 * @param size Pixels on each side; the file says 256 of a larger one.
 */
export function encodeIco(png: Buffer, size: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt16LE(1, 2) // type: icon
  header.writeUInt16LE(1, 4) // number of pictures
  const side = size < LARGEST ? size : 0
  header.set([side, side], 6)
  header.writeUInt16LE(1, 10) // planes
  header.writeUInt16LE(32, 12) // bits per pixel
  header.writeUInt32LE(png.length, 14)
  header.writeUInt32LE(HEADER_BYTES, 18)
  return Buffer.concat([header, png])
}
