import { closeSync, openSync } from 'node:fs'
import { SUMMED_TABLES } from './checksum.ts'
import { freePages } from './free-pages.ts'
import { type Meta, readNewestMeta, readTree, TREE_BYTES } from './meta.ts'
import { PageDamage } from './page.ts'
import { createPageReader, type PageReader } from './page-reader.ts'
import { type KeyRange, verifyTree } from './verify-tree.ts'

/**
 * Reads every page that the newest commit of an LMDB file uses, and checks all that LMDB relies on, and the sums of those
 * records that have one. Takes about 3 s for a gigabyte.
 *
 * @param tolerant The table in which damage may be confined to leaf pages, because each of its entries is looked up alone.
 * @returns The keys of this table whose entries cannot be read.
 * @throws Error when anything else is damaged; a file system error.
 */
export function verifyFile(path: string, tolerant: string): readonly KeyRange[] {
  const file = openSync(path, 'r')
  try {
    const meta = readNewestMeta(file)
    if (meta === undefined) throw new PageDamage('its first pages are wrong')
    return verifyTrees(createPageReader(file, meta), meta, tolerant)
  } finally {
    closeSync(file)
  }
}

function verifyTrees(pages: PageReader, { free, main, lastPage }: Meta, tolerant: string): KeyRange[] {
  const lost: KeyRange[] = []
  const unused: number[] = []
  verifyTree(pages, free, {
    name: 'free',
    // Its keys are numbers of commits.
    ordered: false,
    summed: false,
    onEntry({ data }) {
      for (const page of freePages(data, lastPage)) unused.push(page)
    },
  })
  verifyTree(pages, main, {
    name: 'main',
    ordered: true,
    summed: false,
    onEntry({ key, kind, data }) {
      if (kind !== 'table' || data.length !== TREE_BYTES) return
      // lmdb-js ends the names of tables with a zero.
      const name = key.toString().replace('\0', '')
      verifyTree(pages, readTree(data, 0), {
        name,
        ordered: true,
        summed: SUMMED_TABLES.some((each) => each === name),
        onLost: name === tolerant ? (keys) => lost.push(keys) : undefined,
      })
    },
  })
  for (const page of unused) pages.claimFree(page)
  return lost
}
