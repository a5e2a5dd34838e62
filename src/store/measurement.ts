import type { Milliseconds } from '../time.ts'

/** What a store holds, as far as that is cheap to find out. What is not known is absent. */
export interface Measurement {
  /** How many secrets wait to be revealed. Estimated from a sample where there are more records than that has. */
  readonly unread?: number
  /** When the oldest of them was created: of those that any measurement has seen. Absent if none waits. */
  readonly oldestUnread?: Milliseconds
  /** What the store takes, in bytes of memory or of a file. */
  readonly bytes?: number
  /** When what the embedded store holds was last backed up. */
  readonly lastBackup?: Milliseconds | 'never'
}

/** Part of all records. */
export interface Sample<Id> {
  /** How many records there are in all. */
  readonly records: number
  /** How many of them the sample has. */
  readonly size: number
  /** Those in the sample that are unread secrets. */
  readonly unread: readonly Id[]
}

/** Estimates how many records are unread secrets, from samples that have all records or some at random. */
export function estimateUnread(samples: readonly Sample<unknown>[]): number {
  return samples.reduce(
    (sum, { records, size, unread }) =>
      sum + (size === 0 ? 0 : Math.round((Math.max(records, size) * unread.length) / size)),
    0,
  )
}

/** Remembers the oldest unread secret, so that random samples find it sooner or later. */
export interface OldestUnread<Id> {
  /** Returns the time of the oldest of these and of the remembered one; undefined if none is unread any more. */
  among(ids: readonly Id[]): Promise<Milliseconds | undefined>
}

/**
 * Creates the memory of the oldest unread secret.
 *
 * @param createdOf Returns when an unread secret was created; undefined for one that is no longer unread.
 */
export function createOldestUnread<Id>(
  createdOf: (id: Id) => Promise<Milliseconds | undefined>,
): OldestUnread<Id> {
  let remembered: readonly Id[] = []
  return {
    async among(ids) {
      const all = [...remembered, ...ids]
      const times = await Promise.all(all.map(createdOf))
      const [oldest] = times
        .flatMap((created, index) => (created === undefined ? [] : [{ created, id: all[index] as Id }]))
        .sort((a, b) => a.created - b.created)
      remembered = oldest === undefined ? [] : [oldest.id]
      return oldest?.created
    },
  }
}
