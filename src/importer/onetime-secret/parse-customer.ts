import { canonicalEmail, isEmailAddress } from '../../accounts/email-address.ts'
import { parseUrName } from '../../accounts/ur-name.ts'
import { type RawFields, textOf } from './fields.ts'
import type { OldCustomer } from './old-records.ts'
import { UnusableRecord } from './unusable.ts'

/** The fields of an account, of any version, that are read. */
export const CUSTOMER_FIELDS: readonly string[] = ['email', 'custid', 'extid', 'apitoken']

/**
 * Parses an account of any version.
 *
 * @param id What its key names: the email address up to 0.23, then a UUID.
 * @throws UnusableRecord when it has no email address.
 */
export function parseCustomer(id: string, fields: RawFields, receipts: OldCustomer['receipts']): OldCustomer {
  const email = emailOf(id, fields)
  if (email === undefined) throw new UnusableRecord('damaged', 'no email address')
  const extid = parseUrName(textOf(fields, 'extid') ?? '')
  const token = textOf(fields, 'apitoken')
  return {
    email,
    receipts,
    ...(extid !== undefined && { extid }),
    ...(token !== undefined && { token }),
  }
}

/** Returns the canonical email address of an account; undefined when it has none. */
export function emailOf(id: string, fields: RawFields): string | undefined {
  const names = [textOf(fields, 'email'), textOf(fields, 'custid'), id]
  return names.map((name) => canonicalEmail(name ?? '')).find(isEmailAddress)
}
