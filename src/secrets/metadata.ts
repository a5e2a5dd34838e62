import { isKey, type KeyRing, recordIdOf, secretKeyOf } from '../crypto/keys.ts'
import { DomainError } from '../errors.ts'
import type { SecretsContext } from './context.ts'
import { type Details, openDetails } from './details.ts'
import { type MetadataRecord, metadataExpiry, type State, secretExpiry } from './records.ts'

/** What the sender may know of a secret, never its content. Times are Unix milliseconds, spans seconds. */
export interface Metadata {
  readonly metadataKey: string
  /** Absent once the secret is gone. */
  readonly secretKey?: string
  readonly state: State
  readonly created: number
  readonly updated: number
  /** As granted. */
  readonly ttl: number
  /** Left for this record. */
  readonly metadataTtl: number
  /** Left for the secret; absent once it is gone. */
  readonly secretTtl?: number
  /** The creator's e-mail; absent when anonymous. */
  readonly custid?: string | undefined
  /** Obscured addresses. */
  readonly recipients: readonly string[]
  readonly shareDomain?: string | undefined
  readonly passphraseRequired: boolean
}

/**
 * @param mark Whether this look counts as the creator's first: it turns `new` into `viewed` for the next one.
 * @returns The metadata as it is now.
 * @throws DomainError `unknown_secret` when there is none, `store_unavailable`, `unreadable_record`.
 */
export async function viewMetadata(
  context: SecretsContext,
  metadataKey: string,
  mark: boolean,
): Promise<Metadata> {
  const metadata = isKey(metadataKey) ? await findMetadata(context, metadataKey, mark) : undefined
  if (metadata === undefined) throw new DomainError('unknown_secret')
  return metadata
}

/** @returns As `viewMetadata`; undefined when there is none. */
export async function findMetadata(
  context: SecretsContext,
  metadataKey: string,
  mark: boolean,
): Promise<Metadata | undefined> {
  const { store, ring, now, observe } = context
  const secretKey = secretKeyOf(metadataKey)
  const id = recordIdOf(secretKey)
  const at = now()
  const record = await store.look(id, mark, at)
  if (record === undefined) return undefined
  if (isLost(record.state) && record.updated === at) observe?.(record.state, id)
  return readRecord(ring, { metadataKey, secretKey }, record, at)
}

function isLost(state: State): state is 'expired' | 'orphaned' {
  return state === 'expired' || state === 'orphaned'
}

/** Both keys of a pair. */
interface Keys {
  readonly metadataKey: string
  readonly secretKey: string
}

/**
 * @param keys The pair's keys.
 * @param record As it is stored.
 * @param now Unix milliseconds.
 * @returns What it says to the holder of the metadata key.
 * @throws DomainError `unreadable_record` when its details do not open.
 */
export function readRecord(ring: KeyRing, keys: Keys, record: MetadataRecord, now: number): Metadata {
  const binding = { id: recordIdOf(keys.secretKey), created: record.created, ttl: record.ttl }
  return describe(keys, record, openDetails(ring, keys.metadataKey, record.sealed, binding), now)
}

/**
 * @param keys The pair's keys.
 * @param now Unix milliseconds.
 * @returns What a record and its details say to the holder of the metadata key.
 */
export function describe(
  { metadataKey, secretKey }: Keys,
  record: MetadataRecord,
  details: Details,
  now: number,
): Metadata {
  const { state, created, updated, ttl } = record
  const unread = state === 'new' || state === 'viewed'
  return {
    metadataKey,
    state,
    created,
    updated,
    ttl,
    metadataTtl: secondsUntil(metadataExpiry(record), now),
    ...(unread && { secretKey, secretTtl: secondsUntil(secretExpiry(record), now) }),
    custid: details.custid,
    recipients: details.recipients ?? [],
    shareDomain: details.shareDomain,
    passphraseRequired: record.protected,
  }
}

function secondsUntil(time: number, now: number): number {
  return Math.max(0, Math.ceil((time - now) / 1000))
}
