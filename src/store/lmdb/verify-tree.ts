import { hasRightSum } from './checksum.ts'
import { NO_PAGE, type Tree } from './meta.ts'
import {
  BRANCH,
  branchNodes,
  LEAF,
  type LeafNode,
  leafNodes,
  OVERFLOW,
  overflowExtent,
  overflowPages,
  overflowStart,
  PageDamage,
} from './page.ts'
import type { PageReader } from './page-reader.ts'

/** Keys from `from` on and before `to`. Undefined: no bound. */
export interface KeyRange {
  readonly from: Buffer | undefined
  readonly to: Buffer | undefined
}

/** What holds for a tree. */
export interface TreeRules {
  /** For error messages. */
  readonly name: string
  /** Whether keys are in the order of their bytes. */
  readonly ordered: boolean
  /** Whether values may have sums. */
  readonly summed: boolean
  /** Is called with each entry and its whole value. */
  readonly onEntry?: ((entry: LeafNode) => void) | undefined
  /** Is called with the keys of each damaged leaf page. Without it, such damage is thrown. */
  readonly onLost?: ((keys: KeyRange) => void) | undefined
}

/**
 * Reads every page of a tree, and checks what LMDB relies on: headers, the order and number of entries, and sums.
 *
 * @throws PageDamage; a file system error.
 */
export function verifyTree(pages: PageReader, tree: Tree, rules: TreeRules): void {
  const { name, ordered, summed, onEntry, onLost } = rules
  const counted = [0n, 0n, 0n, 0n] as [branches: bigint, leaves: bigint, overflow: bigint, entries: bigint]
  let damaged = false
  if ((tree.root === NO_PAGE) !== (tree.depth === 0))
    throw new PageDamage(`the table ${name} has a wrong root`)
  if (tree.depth > 0) descend(Number(tree.root), 1, { from: undefined, to: undefined })
  if (!damaged && counted.some((count, index) => count !== tree.counts[index]))
    throw new PageDamage(`the table ${name} has another number of entries`)

  function descend(number: number, level: number, range: KeyRange): void {
    if (level < tree.depth) {
      readBranch(number, level, range)
      return
    }
    try {
      readLeaf(number, range)
    } catch (error) {
      if (onLost === undefined || !(error instanceof PageDamage)) throw error
      damaged = true
      onLost({ from: range.from && Buffer.from(range.from), to: range.to && Buffer.from(range.to) })
    }
  }

  function readBranch(number: number, level: number, range: KeyRange): void {
    const page = pages.read(number, BRANCH)
    counted[0] += 1n
    const nodes = branchNodes(page)
    if (nodes.length < 2) throw new PageDamage(`page ${number} has too few entries`)
    for (const [index, node] of nodes.entries()) {
      const from = index === 0 ? range.from : node.key
      const to = nodes[index + 1]?.key ?? range.to
      if (ordered) assertOrder(from, to, number)
      descend(node.page, level + 1, { from, to })
    }
  }

  function readLeaf(number: number, range: KeyRange): void {
    const page = pages.read(number, LEAF)
    const nodes = leafNodes(page)
    if (nodes.length === 0) throw new PageDamage(`page ${number} is empty`)
    for (const [index, node] of nodes.entries()) {
      if (ordered) {
        assertOrder(nodes[index - 1]?.key, node.key, number)
        if (!includes(range, node.key)) throw new PageDamage(`a key is on the wrong page ${number}`)
      }
      const data = node.kind === 'overflow' ? readOverflow(node) : node.data
      if (summed && !hasRightSum(node.key, data))
        throw new PageDamage(`the sum of an entry on page ${number} is wrong`)
      onEntry?.({ ...node, data })
    }
    counted[1] += 1n
    counted[3] += BigInt(nodes.length)
  }

  function readOverflow(node: LeafNode): Buffer {
    const start = overflowStart(node)
    const extent = overflowExtent(node.size, pages.pageSize)
    const bytes = pages.read(start, OVERFLOW, extent.pages)
    const length = overflowPages(bytes)
    if (length !== extent.pages) throw new PageDamage(`page ${start} has another length`)
    counted[2] += BigInt(length)
    return bytes.subarray(extent.offset, extent.offset + node.size)
  }
}

/** Tells whether a key is in a range. */
export function includes({ from, to }: KeyRange, key: Buffer): boolean {
  const isBefore = from !== undefined && Buffer.compare(key, from) < 0
  return !isBefore && (to === undefined || Buffer.compare(key, to) < 0)
}

function assertOrder(first: Buffer | undefined, second: Buffer | undefined, page: number): void {
  if (first !== undefined && second !== undefined && Buffer.compare(first, second) >= 0)
    throw new PageDamage(`the keys on page ${page} are not in order`)
}
