import type { RootRecord } from '../store/roots.ts'

/**
 * Describes how much of a store root keys open, given that they open what the newest one sealed.
 *
 * @param recorded Those that have sealed something in it.
 * @param ids Of the root keys at hand.
 */
export function describeRootKeys(recorded: readonly RootRecord[], ids: readonly string[]): string {
  if (recorded.length === 0) return 'none recorded in this store yet'
  const missing = recorded.map(({ id }) => id).filter((id) => !ids.includes(id))
  if (missing.length === 0) return 'open what the store holds'
  return `open what the newest one sealed, but not what older ones did: ${missing.join(', ')}`
}
