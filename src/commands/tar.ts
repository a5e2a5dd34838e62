import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

// The format ustar, as POSIX describes it under `pax`. Sizes from 8 GiB on are binary, as GNU and BSD tar write them.
const BLOCK = 512
const SIZE = { offset: 124, length: 12 }
const CHECKSUM = { offset: 148, length: 8 }
const TYPE_OFFSET = 156
const FILE_TYPES = ['0', '\0']
const MOST_OCTAL = 8 ** 11
const BINARY = 0x80
/** How a file of gzip begins: RFC 1952, section 2.3.1. */
const GZIP = Buffer.of(0x1f, 0x8b)

/**
 * Writes files of a folder as a tar archive, each for its owner only.
 *
 * @param names Files of the folder, at most 100 bytes each.
 * @param time When they were written, in Unix seconds.
 */
export async function* writeTar(
  folder: string,
  names: readonly string[],
  time: number,
): AsyncGenerator<Buffer> {
  for (const name of names) {
    const path = join(folder, name)
    const { size } = statSync(path)
    yield header(name, size, time)
    yield* createReadStream(path, { highWaterMark: 2 ** 20 })
    yield Buffer.alloc(padding(size))
  }
  yield Buffer.alloc(2 * BLOCK)
}

/**
 * Reads a tar archive to its end, and writes those of its files that are named to a folder.
 *
 * @param names Other files are passed over.
 * @returns The names of the files that were written.
 * @throws Error when it is no archive, is damaged or cut off; a file system error.
 */
export async function extractTar(
  source: AsyncIterable<Buffer>,
  folder: string,
  names: readonly string[],
): Promise<string[]> {
  const input = createInput(source)
  const found: string[] = []
  for (let first = true; ; first = false) {
    const block = await input.block(first)
    if (block.every((byte) => byte === 0)) break
    if (first && GZIP.equals(block.subarray(0, GZIP.length)))
      throw new Error('it is compressed: pipe it in, as in `gzip -dc FILE | emberlink backup verify -`')
    if (!hasRightChecksum(block))
      throw new Error(first ? 'it is no tar archive' : 'a header of it is damaged')
    const name = textOf(block, 0, 100).replace(/^\.\//, '')
    const size = sizeOf(block)
    const isWanted = names.includes(name) && FILE_TYPES.includes(String.fromCharCode(block[TYPE_OFFSET] ?? 0))
    if (isWanted) {
      await pipeline(input.bytes(size), createWriteStream(join(folder, name), { mode: 0o600 }))
      found.push(name)
    }
    for await (const _ of input.bytes(isWanted ? padding(size) : size + padding(size)));
  }
  await input.drain()
  return found
}

function createInput(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)

  async function* bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (rest.length === 0) {
        const { done, value } = await chunks.next()
        if (done) throw new Error('it is cut off')
        rest = value
      }
      const taken = rest.subarray(0, left)
      rest = rest.subarray(taken.length)
      left -= taken.length
      yield taken
    }
  }

  return {
    bytes,
    async block(isFirst: boolean): Promise<Buffer> {
      const parts: Buffer[] = []
      try {
        for await (const part of bytes(BLOCK)) parts.push(part)
      } catch (error) {
        // Only the whole of a short file tells whether it ever was an archive.
        const isShort = isFirst && error instanceof Error && !('code' in error)
        throw isShort ? new Error('it is no tar archive', { cause: error }) : error
      }
      return Buffer.concat(parts)
    },
    // A program that writes into our standard input would fail if nobody read its end.
    async drain(): Promise<void> {
      while (!(await chunks.next()).done);
    },
  }
}

function header(name: string, size: number, time: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0)
  block.write('0000600\x000000000\x000000000\0', 100)
  if (size < MOST_OCTAL) block.write(`${octal(size, 11)}\0`, SIZE.offset)
  else {
    block[SIZE.offset] = BINARY
    block.writeBigUInt64BE(BigInt(size), SIZE.offset + SIZE.length - 8)
  }
  block.write(`${octal(time, 11)}\0`, 136)
  block.write('0', TYPE_OFFSET)
  block.write('ustar\x0000', 257)
  block.write(`${octal(checksum(block), 6)}\0 `, CHECKSUM.offset)
  return block
}

/** The sum of all bytes, while those of the checksum count as blanks. */
function checksum(block: Buffer): number {
  const { offset, length } = CHECKSUM
  return block.reduce((sum, byte, index) => sum + (index >= offset && index < offset + length ? 32 : byte), 0)
}

function hasRightChecksum(block: Buffer): boolean {
  return Number.parseInt(textOf(block, CHECKSUM.offset, CHECKSUM.length), 8) === checksum(block)
}

function sizeOf(block: Buffer): number {
  const { offset, length } = SIZE
  if (block[offset] === BINARY) return Number(block.readBigUInt64BE(offset + length - 8))
  return Number.parseInt(textOf(block, offset, length), 8) || 0
}

function textOf(block: Buffer, offset: number, length: number): string {
  const text = block.toString('latin1', offset, offset + length)
  return text.split('\0', 1)[0] ?? ''
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}
