// Reads the pages of an LMDB file as bytes, and trusts none of them: `MDB_page_header`, `MDB_node` and `MDB_ovpage` in LMDB's
// mdb.c. LMDB itself follows every number on a page, and kills the process where one is wrong.

const HEADER_BYTES = 24
const NODE_BYTES = 8
const OVERFLOW_REFERENCE_BYTES = 24

/** The flag of a page that leads to others. */
export const BRANCH = 0x01

/** The flag of a page with entries. */
export const LEAF = 0x02

/** The flag of the first page of a value that has pages of its own. */
export const OVERFLOW = 0x04

const BIG_DATA = 0x01
const SUB_DATA = 0x02

/** What is wrong with a page. */
export class PageDamage extends Error {
  override readonly name = 'PageDamage'
}

/** An entry of a branch page, which leads to a page with keys from `key` on. */
export interface BranchNode {
  readonly key: Buffer
  readonly page: number
}

/** An entry of a leaf page: a value, or the description of a named table, or the place of a value on pages of its own. */
export interface LeafNode {
  readonly key: Buffer
  readonly kind: 'value' | 'table' | 'overflow'
  /** The value, or what leads to it. */
  readonly data: Buffer
  /** Bytes of the value. */
  readonly size: number
}

/**
 * Checks the header of a page.
 *
 * @param flags The kind that it must have.
 * @param transaction The newest commit, which no page is newer than.
 * @throws PageDamage
 */
export function assertHeader(page: Buffer, number: number, flags: number, transaction: bigint): void {
  if (page.readBigUInt64LE(0) !== BigInt(number)) throw new PageDamage(`page ${number} has another number`)
  if (page.readUInt16LE(18) !== flags) throw new PageDamage(`page ${number} is of another kind`)
  if (page.readBigUInt64LE(8) > transaction) throw new PageDamage(`page ${number} is newer than the file`)
}

/** Returns the number of pages that follow each other from an overflow page on. */
export function overflowPages(page: Buffer): number {
  return page.readUInt32LE(20)
}

/** Returns how many pages a value of `size` bytes takes, and where on them it begins. */
export function overflowExtent(
  size: number,
  pageSize: number,
): { readonly pages: number; readonly offset: number } {
  return { pages: Math.floor((HEADER_BYTES - 1 + size) / pageSize) + 1, offset: HEADER_BYTES }
}

/** Returns the entries of a branch page. @throws PageDamage */
export function branchNodes(page: Buffer): BranchNode[] {
  const nodes = nodeOffsets(page).map((offset) => ({
    key: keyAt(page, offset),
    page: page.readUInt32LE(offset) + page.readUInt16LE(offset + 4) * 0x1_0000_0000,
  }))
  assertPacked(
    page,
    nodes.map(({ key }) => key.length),
  )
  return nodes
}

/** Returns the entries of a leaf page. @throws PageDamage */
export function leafNodes(page: Buffer): LeafNode[] {
  const nodes = nodeOffsets(page).map((offset) => {
    const key = keyAt(page, offset)
    const size = page.readUInt32LE(offset)
    const kind = kindOf(page.readUInt16LE(offset + 4))
    const start = offset + NODE_BYTES + key.length
    const end = start + (kind === 'overflow' ? OVERFLOW_REFERENCE_BYTES : size)
    if (end > page.length) throw new PageDamage('a value reaches beyond its page')
    return { key, kind, size, data: page.subarray(start, end) }
  })
  assertPacked(
    page,
    nodes.map(({ key, data }) => key.length + data.length),
  )
  return nodes
}

/** Returns the page on which a value begins that has pages of its own. */
export function overflowStart({ data }: LeafNode): number {
  return Number(data.readBigUInt64LE(0))
}

// Nodes fill the upper part of a page without gaps, each of an even length.
function assertPacked(page: Buffer, lengths: readonly number[]): void {
  const used = lengths.reduce((sum, length) => sum + NODE_BYTES + length + (length % 2), 0)
  if (used !== page.length - HEADER_BYTES - page.readUInt16LE(22))
    throw new PageDamage('the entries of a page do not fill it')
}

function kindOf(flags: number): LeafNode['kind'] {
  if (flags === 0) return 'value'
  if (flags === BIG_DATA) return 'overflow'
  if (flags === SUB_DATA) return 'table'
  throw new PageDamage('an entry has unknown flags')
}

function keyAt(page: Buffer, offset: number): Buffer {
  const start = offset + NODE_BYTES
  const end = start + page.readUInt16LE(offset + 6)
  if (end > page.length) throw new PageDamage('a key reaches beyond its page')
  return page.subarray(start, end)
}

// `lower` and `upper` bound the free space between the offsets, which grow upwards, and the nodes, which grow downwards.
function nodeOffsets(page: Buffer): number[] {
  const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)]
  const space = page.length - HEADER_BYTES
  if (lower % 2 !== 0 || lower > upper || upper > space)
    throw new PageDamage('the bounds of a page are wrong')
  const offsets = Array.from({ length: lower / 2 }, (_, index) => page.readUInt16LE(HEADER_BYTES + index * 2))
  for (const offset of offsets) {
    if (offset < upper || offset % 2 !== 0 || offset > space - NODE_BYTES)
      throw new PageDamage('an entry is outside its page')
  }
  return offsets.map((offset) => offset + HEADER_BYTES)
}
