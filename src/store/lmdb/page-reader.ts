import { readSync } from 'node:fs'
import type { Meta } from './meta.ts'
import { assertHeader, PageDamage } from './page.ts'

/** Reads the pages of one commit, and no page for two purposes. */
export interface PageReader {
  /** Bytes of one page. */
  readonly pageSize: number
  /**
   * Reads pages, which nothing else may use.
   *
   * @param number Of the first one.
   * @param flags The kind that it must have.
   * @throws PageDamage; a file system error.
   */
  read(number: number, flags: number, pages?: number): Buffer
  /** Claims a page that is free, so that nothing may use it. @throws PageDamage */
  claimFree(number: number): void
}

/** Creates the reader for the commit of a meta page. */
export function createPageReader(file: number, { pageSize, lastPage, transaction }: Meta): PageReader {
  const used = new Uint8Array(lastPage + 1)
  return {
    pageSize,
    read(number, flags, pages = 1) {
      if (number < 2 || number + pages - 1 > lastPage) throw new PageDamage(`there is no page ${number}`)
      const bytes = Buffer.allocUnsafe(pages * pageSize)
      if (readSync(file, bytes, 0, bytes.length, number * pageSize) !== bytes.length)
        throw new PageDamage(`the file ends before page ${number}`)
      assertHeader(bytes, number, flags, transaction)
      for (let each = number; each < number + pages; each += 1) {
        if (used[each] === 1) throw new PageDamage(`page ${each} is used twice`)
        used[each] = 1
      }
      return bytes
    },
    claimFree(number) {
      if (used[number] === 1) throw new PageDamage(`page ${number} is used and free`)
      used[number] = 1
    },
  }
}
