import { type Binding, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/keys.ts'
import { DomainError } from '../errors.ts'

/** What a receipt says of people and places: sealed for whoever holds the metadata key. */
export interface Details {
  /** The creator's e-mail; absent when anonymous. */
  readonly custid?: string | undefined
  /** Obscured addresses. */
  readonly recipients?: readonly string[] | undefined
  readonly shareDomain?: string | undefined
}

/** @returns The sealed details; undefined when there is nothing to tell, so an anonymous share seals once. */
export function sealDetails(
  ring: KeyRing,
  metadataKey: string,
  details: Details,
  binding: Binding,
): Buffer | undefined {
  const { custid, recipients, shareDomain } = details
  if (custid === undefined && shareDomain === undefined && !recipients?.length) return undefined
  return seal(ring, holder(metadataKey), Buffer.from(JSON.stringify(details)), binding)
}

/**
 * @returns What `sealDetails` was given.
 * @throws DomainError `unreadable_record` when it does not open.
 */
export function openDetails(
  ring: KeyRing,
  metadataKey: string,
  sealed: Buffer | undefined,
  binding: Binding,
): Details {
  if (sealed === undefined) return {}
  const plaintext = open(ring, holder(metadataKey), sealed, binding)
  if (plaintext === undefined) throw new DomainError('unreadable_record')
  return JSON.parse(plaintext.toString()) as Details
}

function holder(metadataKey: string) {
  return { label: 'metadata', parts: [metadataKey] } as const
}
