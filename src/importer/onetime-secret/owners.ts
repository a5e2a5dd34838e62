import { textOf } from './fields.ts'
import { lookUp } from './find-records.ts'
import type { OldRedis } from './old-redis.ts'
import { CUSTOMER_FIELDS, emailOf } from './parse-customer.ts'
import type { OldHash } from './read-hashes.ts'
import type { Layout } from './survey.ts'

/** Finds the email address of the owner of a receipt; undefined when it has no owner who is named by an id. */
export type FindOwner = (receipt: OldHash) => string | undefined

/**
 * Looks up the owners of receipts, which are named by an id from 0.24 on.
 *
 * @throws ForeignRedisError.
 */
export async function lookUpOwners(
  old: OldRedis,
  layout: Layout,
  receipts: Iterable<OldHash>,
): Promise<FindOwner> {
  const ids = [...receipts].map(ownerIdOf).filter((id) => id !== undefined)
  const found = await lookUp(old, layout, 'customer', ids, CUSTOMER_FIELDS)
  const emails = new Map([...found].map(([id, { fields }]) => [id, emailOf(id, fields)]))
  return (receipt) => emails.get(ownerIdOf(receipt) ?? '')
}

function ownerIdOf({ fields }: OldHash): string | undefined {
  const id = textOf(fields, 'owner_id')
  // Neither a part of another name nor a pattern.
  return id !== undefined && /^[\w-]{1,64}$/.test(id) && id !== 'anon' ? id : undefined
}
