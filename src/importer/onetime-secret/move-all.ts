import type { FoundRecord } from './found-record.ts'
import type { OldKind } from './old-names.ts'
import type { OldCustomer, OldReceipt, OldSecret } from './old-records.ts'
import type { OldRedis } from './old-redis.ts'
import { explainResult, type MoveResult, type Note, type Outcome } from './outcome.ts'
import { UnusableRecord } from './unusable.ts'

/** Where records are moved to. Each function may be repeated after an interruption, and resolves once the result is durable. */
export interface Destination {
  secret(old: OldSecret): Promise<MoveResult>
  receipt(old: OldReceipt): Promise<MoveResult>
  customer(old: OldCustomer): Promise<MoveResult>
}

/** How records of one kind are moved. */
interface Moving<Content> {
  readonly kind: OldKind
  readonly move: (content: Content) => Promise<MoveResult>
  readonly stateOf: (content: Content) => string
  /** Returns the key of the receipt that is moved with it, if there is one. Absent for records that come alone. */
  readonly receiptOf?: (content: Content) => string | undefined
  readonly notesOf: (content: Content) => readonly Note[]
}

/** What became of a record with this id, and of the receipt that came with it. */
export interface RecordOutcome extends Outcome {
  readonly id: string
  readonly receiptId?: string
}

/** What is done with the old Redis. */
export interface MovingOptions {
  /** Whether to delete what was moved from the old Redis. */
  readonly afterwards: 'keep' | 'delete'
  /** Is called after each batch. Must not throw. */
  readonly onOutcomes: (batch: readonly RecordOutcome[]) => void
  /** Ends the work after the batch that it is at, with its reason as the error. */
  readonly signal?: AbortSignal
}

/**
 * Moves records batch by batch; those of a batch, about a hundred, at once.
 *
 * @throws ForeignRedisError; DomainError `store_unavailable`.
 */
export async function moveAll<Content>(
  old: OldRedis,
  batches: AsyncIterable<readonly FoundRecord<Content>[]>,
  moving: Moving<Content>,
  { afterwards, onOutcomes, signal }: MovingOptions,
): Promise<void> {
  for await (const batch of batches) {
    const settled = await Promise.allSettled(batch.map(moveOne))
    onOutcomes(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
    const failed = settled.find((one) => one.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    signal?.throwIfAborted()
  }

  async function moveOne(record: FoundRecord<Content>): Promise<RecordOutcome> {
    const { id, places, content } = record
    const common = { kind: moving.kind, id }
    if (content instanceof UnusableRecord) return { ...common, ...unusable(content) }
    // The batch was read a moment ago.
    if (!(await exists(places[0].db, places[0].name)))
      return { ...common, ...unusable(new UnusableRecord('gone')) }
    const result = await moving.move(content)
    const outcome = explainResult(result, moving.stateOf(content))
    const isMoved = outcome.result === 'moved' || outcome.result === 'already'
    if (isMoved && afterwards === 'delete') await remove(places)
    const notes: Note[] = [
      ...moving.notesOf(content),
      ...(record.withoutTtl ? (['without-ttl'] as const) : []),
    ]
    const receiptId = moving.receiptOf?.(content)
    return {
      ...common,
      ...outcome,
      notes: isMoved ? notes : [],
      ...(receiptId !== undefined && { receiptId }),
    }
  }

  async function exists(db: number, name: string): Promise<boolean> {
    const [reply] = await (await old.database(db)).send([['exists', name]])
    return reply === 1
  }

  // The record itself first: what an interruption leaves of it is found by the next run.
  async function remove(places: FoundRecord<Content>['places']): Promise<void> {
    for (const { db, name } of places) await (await old.database(db)).send([['del', name]])
  }
}

function unusable({ reason, message }: UnusableRecord): Pick<Outcome, 'result' | 'detail' | 'notes'> {
  return reason === 'damaged'
    ? { result: 'left', detail: `damaged: ${message}`, notes: [] }
    : { result: 'skipped', detail: UNUSABLE[reason], notes: [] }
}

const UNUSABLE: Readonly<Record<Exclude<UnusableRecord['reason'], 'damaged'>, string>> = {
  verification: 'verification email',
  consumed: 'revealed or burned',
  gone: 'expired or revealed meanwhile',
}
