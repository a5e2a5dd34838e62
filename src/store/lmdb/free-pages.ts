import { PageDamage } from './page.ts'

/**
 * Reads the numbers of the pages that a commit no longer uses.
 *
 * @param list How many numbers follow, then each page, or minus the length of a run and its first page, or 0 for nothing: the
 *   form of lmdb-js.
 * @throws PageDamage
 */
export function freePages(list: Buffer, lastPage: number): number[] {
  const pages: number[] = []
  const count = list.length < 8 ? Number.NaN : Number(list.readBigInt64LE(0))
  if (!(count >= 0 && (count + 1) * 8 <= list.length)) throw new PageDamage('a list of free pages is wrong')
  for (let index = 1; index <= count; index += 1) {
    const entry = Number(list.readBigInt64LE(index * 8))
    if (entry === 0) continue
    const length = entry < 0 ? -entry : 1
    if (entry < 0) index += 1
    const first = entry < 0 && index <= count ? Number(list.readBigInt64LE(index * 8)) : entry
    if (first < 2 || first + length - 1 > lastPage) throw new PageDamage('a list of free pages is wrong')
    for (let page = first; page < first + length; page += 1) pages.push(page)
  }
  return pages
}
