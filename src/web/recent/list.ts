import type { KeyRing } from '../../crypto/key-ring.ts'
import type { SealedReceipt } from '../../secrets/list-receipts.ts'
import { type Receipt, readReceipt } from '../../secrets/receipt.ts'
import type { Milliseconds } from '../../time.ts'
import { shownState } from '../layout/shown-state.ts'
import type { RecentQuery } from './query.ts'

/** Maximum number of secrets on a page. */
export const PAGE_SIZE = 50

/** One page of the list. */
export interface RecentList {
  readonly receipts: readonly Receipt[]
  /** The number of secrets on all pages. */
  readonly count: number
  /** From 1. */
  readonly page: number
  readonly pages: number
}

/** Returns the page of the list that a query asks for, or else the last one. Opens only the receipts that it has to read. */
export function listPage(
  ring: KeyRing,
  sealed: readonly SealedReceipt[],
  query: RecentQuery,
  now: Milliseconds,
): RecentList {
  const search = folded(query.search)
  const open = ({ keys, record }: SealedReceipt) => readReceipt(ring, keys, record, now)
  const found = sealed
    .filter(({ record }) => query.state === undefined || shownState(record.state) === query.state)
    .filter((each) => search === '' || folded((each.record.memo && open(each).memo) ?? '').includes(search))
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE))
  const page = Math.min(query.page, pages)
  const shown = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
  return { receipts: shown.map(open), count: found.length, page, pages }
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
