import { fstatSync, readSync } from 'node:fs'

// The layout of a page header and of a meta page: `MDB_page_header`, `MDB_meta` and `MDB_db` in LMDB's mdb.c.
const META_BYTES = 168
const PAGE_NUMBER = 0
const PAGE_FLAGS = 18
const P_META = 0x08
const MAGIC = 0xbeefc0de
const MAGIC_OFFSET = 24
const VERSION_OFFSET = 28
const ADDRESS_OFFSET = 32
const MAP_SIZE_OFFSET = 40
const FREE_OFFSET = 48
const MAIN_OFFSET = 96
const LAST_PAGE_OFFSET = 144
const TRANSACTION_OFFSET = 152

/** One tree of pages. */
export interface Tree {
  readonly flags: number
  /** Levels of pages; 0 when it is empty, and has no root. */
  readonly depth: number
  /** Branch, leaf and overflow pages, and entries. */
  readonly counts: readonly [branches: bigint, leaves: bigint, overflow: bigint, entries: bigint]
  readonly root: bigint
}

/** What a meta page says of the newest commit. */
export interface Meta {
  readonly version: number
  readonly address: bigint
  readonly pageSize: number
  readonly lastPage: number
  readonly transaction: bigint
  readonly free: Tree
  readonly main: Tree
}

/** Bytes of a tree's description, in a meta page and in the entry of a named table. */
export const TREE_BYTES = 48

// How much larger than the file its pages may be: in bytes, and by a factor.
const PAGES_MARGIN = 64 * 1024 * 1024
const PAGES_FACTOR = 16

/**
 * Bytes of the memory map, which takes nothing but addresses, that any machine has. A copy keeps the map of its store, however
 * much smaller it is.
 */
const MAP_LIMIT = 2 ** 40

/** The root of an empty tree. */
export const NO_PAGE = 0xffff_ffff_ffff_ffffn

/**
 * Reads the meta page of the newest commit. A transaction writes meta page 0 or 1, whichever is not its predecessor's.
 *
 * @param file A file descriptor.
 * @returns Undefined when either page is damaged.
 */
export function readNewestMeta(file: number): Meta | undefined {
  const pageSize = readPageSize(file)
  if (pageSize === undefined) return undefined
  const metas = [0, 1].map((number) => readMeta(file, number, pageSize))
  const [first, second] = metas as [Meta | undefined, Meta | undefined]
  if (first === undefined || second === undefined) return undefined
  if (!agree(first, second)) return undefined
  const ahead = second.transaction - first.transaction
  // Neither a new file nor a compacted copy has a predecessor on its first page.
  const isSuccession = ahead === 1n || ahead === -1n || first.transaction === 0n
  if (!isSuccession) return undefined
  return ahead > 0n ? second : first
}

/** Reads the description of a tree at an offset. */
export function readTree(bytes: Buffer, offset: number): Tree {
  const root = bytes.readBigUInt64LE(offset + 40)
  const [branches, leaves, overflow, entries] = [8, 16, 24, 32].map((at) =>
    bytes.readBigUInt64LE(offset + at),
  ) as [bigint, bigint, bigint, bigint]
  return {
    flags: bytes.readUInt16LE(offset + 4),
    depth: bytes.readUInt16LE(offset + 6),
    counts: [branches, leaves, overflow, entries],
    root,
  }
}

function agree(first: Meta, second: Meta): boolean {
  return (
    first.version === second.version &&
    first.address === second.address &&
    first.free.flags === second.free.flags &&
    first.main.flags === second.main.flags
  )
}

function readPageSize(file: number): number | undefined {
  const bytes = Buffer.alloc(META_BYTES)
  if (readSync(file, bytes, 0, META_BYTES, 0) !== META_BYTES) return undefined
  const pageSize = bytes.readUInt32LE(FREE_OFFSET)
  const isPower = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0
  return isPower ? pageSize : undefined
}

function readMeta(file: number, number: number, pageSize: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES)
  if (readSync(file, bytes, 0, META_BYTES, number * pageSize) !== META_BYTES) return undefined
  const isMeta =
    bytes.readBigUInt64LE(PAGE_NUMBER) === BigInt(number) &&
    bytes.readUInt16LE(PAGE_FLAGS) === P_META &&
    bytes.readUInt32LE(MAGIC_OFFSET) === MAGIC &&
    bytes.readUInt32LE(FREE_OFFSET) === pageSize
  if (!isMeta) return undefined
  const lastPage = Number(bytes.readBigUInt64LE(LAST_PAGE_OFFSET))
  const mapSize = Number(bytes.readBigUInt64LE(MAP_SIZE_OFFSET))
  const used = (lastPage + 1) * pageSize
  // Free pages at the end may never have been written.
  const limit = fstatSync(file).size * PAGES_FACTOR + PAGES_MARGIN
  if (used > limit || mapSize > Math.max(limit, MAP_LIMIT)) return undefined
  return {
    version: bytes.readUInt32LE(VERSION_OFFSET),
    address: bytes.readBigUInt64LE(ADDRESS_OFFSET),
    pageSize,
    lastPage,
    transaction: bytes.readBigUInt64LE(TRANSACTION_OFFSET),
    free: readTree(bytes, FREE_OFFSET),
    main: readTree(bytes, MAIN_OFFSET),
  }
}
