import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** The layout of a meta page: `MDB_meta` and `mdb_page_header` in LMDB's mdb.c. */
const MAGIC = 0xbeefc0de
const MAGIC_OFFSET = 24
const PAGE_SIZE_OFFSET = 48
const ROOT_OFFSETS = [88, 136]
const TRANSACTION_OFFSET = 152
const META_BYTES = 168

/**
 * Verifies that LMDB can open a file, because a damaged one makes LMDB kill the process with a signal. Creates a missing file
 * and its lock file, empty and accessible only to the owner.
 *
 * @throws Error when the file is damaged; a file system error.
 */
export function prepareDataFile(path: string): void {
  closeSync(openSync(`${path}-lock`, 'a', 0o600))
  const file = openSync(path, 'a+', 0o600)
  try {
    if (fstatSync(file).size > 0 && !isSound(file)) throw new Error(`${path} is damaged or not an LMDB file`)
  } finally {
    closeSync(file)
  }
}

/** Tells whether the file has both meta pages, and the roots of the newer one lie within the file. */
function isSound(file: number): boolean {
  const first = readMeta(file, 0)
  if (first === undefined) return false
  const pageSize = first.readUInt32LE(PAGE_SIZE_OFFSET)
  const second = readMeta(file, pageSize)
  if (second === undefined) return false
  const newer = transactionOf(second) > transactionOf(first) ? second : first
  const { size } = fstatSync(file)
  return ROOT_OFFSETS.every((offset) => Number(newer.readBigInt64LE(offset)) * pageSize < size)
}

function readMeta(file: number, position: number): Buffer | undefined {
  const meta = Buffer.alloc(META_BYTES)
  const length = readSync(file, meta, 0, META_BYTES, position)
  return length === META_BYTES && meta.readUInt32LE(MAGIC_OFFSET) === MAGIC ? meta : undefined
}

function transactionOf(meta: Buffer): bigint {
  return meta.readBigUInt64LE(TRANSACTION_OFFSET)
}
