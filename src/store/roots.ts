/** A root key that has sealed something in a store, as the store knows it. */
export interface RootRecord {
  /** 8 hexadecimal digits. */
  readonly id: string
  /** 16 bytes that only this root key leads to. Source: src/crypto/SPEC.md section 2. */
  readonly check: Buffer
}

/** Where a store keeps the root keys that have sealed what it holds. Every method is one atomic step of the store. */
export interface RootStore {
  /**
   * Returns all that were recorded, the newest first.
   *
   * @throws DomainError `store_unavailable`.
   */
  recorded(): Promise<RootRecord[]>
  /**
   * Makes a root key the newest one, before it seals anything; but not when `known` lacks the newest so far.
   *
   * @param known Ids of the root keys in the ring.
   * @returns Whether it is the newest one now.
   * @throws DomainError `store_unavailable`.
   */
  record(root: RootRecord, known: readonly string[]): Promise<boolean>
}

/**
 * Decides what recording a root key leaves.
 *
 * @param recorded The newest first.
 * @returns All root keys from then on, the newest first; undefined when nothing changes, as the newest is not known.
 */
export function withNewest(
  recorded: readonly RootRecord[],
  root: RootRecord,
  known: readonly string[],
): RootRecord[] | undefined {
  const [newest] = recorded
  if (newest !== undefined && !known.includes(newest.id)) return undefined
  return [root, ...recorded.filter(({ id }) => id !== root.id)]
}
