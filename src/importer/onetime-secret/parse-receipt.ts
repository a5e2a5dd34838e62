import { canonicalEmail, isEmailAddress } from '../../accounts/email-address.ts'
import { type Milliseconds, seconds } from '../../time.ts'
import { isSet, keyOf, numberOf, type RawFields, textOf } from './fields.ts'
import type { OldReceipt } from './old-records.ts'
import { UnusableRecord } from './unusable.ts'

const STATES: ReadonlyMap<string | undefined, OldReceipt['state']> = new Map([
  ['new', 'new'],
  ['shared', 'new'],
  ['viewed', 'previewed'],
  ['previewed', 'previewed'],
  ['received', 'revealed'],
  ['revealed', 'revealed'],
  ['burned', 'burned'],
  ['expired', 'expired'],
  ['orphaned', 'orphaned'],
])

/** The fields of a receipt, of any version, that are read. */
export const RECEIPT_FIELDS: readonly string[] = [
  ...['state', 'custid', 'owner_id', 'v1_custid'],
  ...['secret_key', 'secret_identifier', 'secret_ttl', 'lifespan'],
  ...['created', 'updated', 'viewed', 'previewed', 'received', 'revealed', 'burned'],
  ...['passphrase', 'has_passphrase', 'recipients', 'memo', 'share_domain'],
]

/**
 * Parses a receipt of any version.
 *
 * @param owner The email address of the account whose id is in `owner_id`; undefined when there is none.
 * @throws UnusableRecord when it is damaged.
 */
export function parseReceipt(
  key: string,
  fields: RawFields,
  { owner, expires }: { readonly owner: string | undefined; readonly expires: Milliseconds },
): OldReceipt {
  const state = STATES.get(textOf(fields, 'state'))
  if (state === undefined) throw new UnusableRecord('damaged', 'unknown state')
  const created = numberOf(fields, 'created')
  if (created === undefined) throw new UnusableRecord('damaged', 'no time of creation')
  const lifespan = numberOf(fields, 'lifespan')
  const secretTtl = numberOf(fields, 'secret_ttl')
  return {
    key,
    state,
    created,
    updated: numberOf(fields, 'updated') ?? created,
    hasPassphrase: isSet(fields, 'has_passphrase') || textOf(fields, 'passphrase') !== undefined,
    expires,
    ...defined('secretKey', keyOf(fields, 'secret_identifier') ?? keyOf(fields, 'secret_key')),
    ...defined('previewed', numberOf(fields, 'previewed') ?? numberOf(fields, 'viewed')),
    ...defined('revealed', numberOf(fields, 'revealed') ?? numberOf(fields, 'received')),
    ...defined('burned', numberOf(fields, 'burned')),
    ...defined('recipients', textOf(fields, 'recipients')),
    ...defined('memo', textOf(fields, 'memo')),
    ...defined('shareDomain', textOf(fields, 'share_domain')),
    ...defined('custid', owner ?? emailOf(fields)),
    ...defined('secretTtl', secretTtl === undefined ? undefined : seconds(secretTtl)),
    ...defined('lifespan', lifespan === undefined ? undefined : seconds(lifespan)),
  }
}

/** Returns the email address of an owner who is named by it, as up to 0.23; `anon` is none. */
function emailOf(fields: RawFields): string | undefined {
  const names = ['custid', 'v1_custid', 'owner_id'].map((name) => canonicalEmail(textOf(fields, name) ?? ''))
  return names.find(isEmailAddress)
}

function defined<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value })
}
