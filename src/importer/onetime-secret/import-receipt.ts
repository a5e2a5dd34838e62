import { findReceiptAlias, sealReceiptAlias } from '../../secrets/aliases.ts'
import { receiptKeysAmong, secretKeysAmong } from '../../secrets/keys.ts'
import { receiptExpiry, type State, secretExpiry } from '../../secrets/records.ts'
import { type Milliseconds, milliseconds, type Seconds, seconds } from '../../time.ts'
import type { ImportContext, ImportResult } from './context.ts'
import { type Lifetime, lifetimeOf } from './lifetime.ts'
import { storeNewPair, withdrawPair } from './new-pair.ts'
import type { OldReceipt } from './old-records.ts'

/**
 * Imports the receipt of a secret that is gone. It may be interrupted, repeated, and run twice at once, as `importSecret` may.
 *
 * @param old Not one whose secret can still be imported, with which it comes: on its own, it says that its secret is lost.
 * @returns Once everything is durable.
 * @throws DomainError `store_unavailable`, `unreadable_record`.
 */
export async function importReceipt(context: ImportContext, old: OldReceipt): Promise<ImportResult> {
  const { imports, ring, now } = context.secrets
  const [linkKey] = receiptKeysAmong([old.key])
  if (linkKey === undefined) return { kind: 'damaged', reason: 'malformed' }
  if (!(now() < old.expires)) return { kind: 'expired' }
  if ((await findReceiptAlias(context.secrets, linkKey)) !== undefined) return { kind: 'already' }
  const times = lifetimeOf({ ...old, granted: grantedOf(old) }, { lives: 2 })
  if (times === undefined) return { kind: 'damaged', reason: 'malformed' }
  const { lifetime } = times
  const ownKey = await storeNewPair(context, {
    lifetime,
    ...endOf(old, lifetime, now()),
    protected: old.hasPassphrase,
    receipt: old,
    shareDomain: old.shareDomain,
    text: undefined,
  })
  const [secretKey] = secretKeysAmong([old.secretKey ?? ''])
  const target = { receiptKey: ownKey, linkKey: secretKey, withSecret: false }
  const alias = sealReceiptAlias(ring, linkKey, target, receiptExpiry(lifetime))
  if (await imports.addAlias(alias, now())) return { kind: 'moved' }
  await withdrawPair(context, ownKey)
  return { kind: 'already' }
}

function grantedOf({ secretTtl, lifespan }: OldReceipt): Seconds | undefined {
  // The lifespan of a receipt is twice that of its secret.
  return secretTtl ?? (lifespan === undefined ? undefined : seconds(Math.round(lifespan / 2)))
}

/** Returns the state of a receipt whose secret is gone, and when it was reached. */
function endOf(
  old: OldReceipt,
  lifetime: Lifetime,
  now: Milliseconds,
): { readonly state: State; readonly updated: Milliseconds } {
  switch (old.state) {
    case 'revealed':
      return { state: 'received', updated: timeOf(old.revealed ?? old.updated, lifetime) }
    case 'burned':
      return { state: 'burned', updated: timeOf(old.burned ?? old.updated, lifetime) }
    case 'orphaned':
      return { state: 'orphaned', updated: timeOf(old.updated, lifetime) }
    default:
      return now < secretExpiry(lifetime)
        ? { state: old.state === 'expired' ? 'expired' : 'orphaned', updated: timeOf(old.updated, lifetime) }
        : { state: 'expired', updated: secretExpiry(lifetime) }
  }
}

function timeOf(unix: number, { created }: Lifetime): Milliseconds {
  return Number.isFinite(unix) ? milliseconds(Math.max(created, Math.round(unix * 1000))) : created
}
