import {
  findReceiptAlias,
  findSecretAlias,
  type ReceiptAlias,
  sealReceiptAlias,
  sealSecretAlias,
} from '../../secrets/aliases.ts'
import {
  type ReceiptKey,
  receiptKeysAmong,
  type SecretKey,
  secretKeyOf,
  secretKeysAmong,
} from '../../secrets/keys.ts'
import { receiptExpiry, secretExpiry } from '../../secrets/records.ts'
import { after, type Milliseconds } from '../../time.ts'
import type { ImportContext, ImportResult } from './context.ts'
import { importReceipt } from './import-receipt.ts'
import { type Lifetime, lifetimeOf, MAX_LIFETIME } from './lifetime.ts'
import { type NewPair, storeNewPair, withdrawPair } from './new-pair.ts'
import type { OldReceipt, OldSecret } from './old-records.ts'
import { readText } from './read-text.ts'

const ENDED: readonly OldReceipt['state'][] = ['revealed', 'burned']

/**
 * Imports a secret that the old server would still reveal, with its receipt.
 *
 * It may be interrupted and repeated at any point, and run twice at once: a secret has one pair of records that a link leads
 * to, however often it is imported, and does not come back once it was revealed here. The alias of the receipt decides on the
 * pair, and that of the secret, which is stored last, that it was imported. Both outlive the secret. Source: src/crypto/SPEC.md
 * section 6.
 *
 * @returns Once everything is durable.
 * @throws DomainError `store_unavailable`, `unreadable_record`.
 */
export async function importSecret(context: ImportContext, old: OldSecret): Promise<ImportResult> {
  const { secrets, siteSecrets } = context
  const now = secrets.now()
  const { receipt } = old
  const [linkKey] = secretKeysAmong([old.key])
  if (linkKey === undefined) return { kind: 'damaged', reason: 'malformed' }
  if (!(now < old.expires)) return { kind: 'expired' }
  // Its old server had not got round to deleting it.
  if (receipt !== undefined && ENDED.includes(receipt.state)) return importReceipt(context, receipt)
  if ((await findSecretAlias(secrets, linkKey)) !== undefined) return { kind: 'already' }
  const times = lifetimeOf({ ...old, granted: old.lifespan }, { lives: 1 })
  if (times === undefined) return { kind: 'damaged', reason: 'malformed' }
  const { lifetime, ends } = times
  const text = await readText(old, siteSecrets)
  if (text.kind === 'damaged') return text
  if (text.kind === 'protected' && text.text.cipher?.mode === 2) await awaitSiteSecret(context, lifetime)

  const pair: NewPair = {
    lifetime,
    state: receipt?.state === 'previewed' ? 'viewed' : 'new',
    updated: lifetime.created,
    protected: text.kind === 'protected',
    receipt,
    shareDomain: old.shareDomain,
    text,
  }
  // Until the receipt expires, so that a run up to then knows the secret again; and one that finds it without TTL, always.
  const kept = ends ? receiptExpiry(lifetime) : after(now, MAX_LIFETIME)
  const [receiptLinkKey] = receiptKeysAmong([old.receiptKey ?? receipt?.key ?? ''])
  const links = { secretKey: linkKey, receiptKey: receiptLinkKey }
  const { ownKey, isLinked } = await storeOnce(context, links, pair, kept)
  const alias = sealSecretAlias(secrets.ring, linkKey, { secretKey: secretKeyOf(ownKey) }, kept)
  if (await secrets.imports.addAlias(alias, now)) return { kind: 'moved' }
  if (!isLinked) await withdrawPair(context, ownKey)
  return { kind: 'already' }
}

/** The pair of an imported secret. */
interface Pair {
  readonly ownKey: ReceiptKey
  /** Whether its receipt link leads to it. */
  readonly isLinked: boolean
}

/** The keys in the links of a secret. */
interface Links {
  readonly secretKey: SecretKey
  readonly receiptKey: ReceiptKey | undefined
}

/** Stores a pair with the alias of its receipt, unless an earlier or simultaneous run has: then that one's counts. */
async function storeOnce(
  context: ImportContext,
  { secretKey, receiptKey }: Links,
  pair: NewPair,
  kept: Milliseconds,
): Promise<Pair> {
  const { secrets } = context
  const before = receiptKey && (await findReceiptAlias(secrets, receiptKey))
  if (isOurs(before, secretKey)) return { ownKey: before.receiptKey, isLinked: true }
  const ownKey = await storeNewPair(context, pair)
  if (receiptKey === undefined || before !== undefined) return { ownKey, isLinked: false }
  const target = { receiptKey: ownKey, linkKey: secretKey, withSecret: true }
  const alias = sealReceiptAlias(secrets.ring, receiptKey, target, kept)
  if (await secrets.imports.addAlias(alias, secrets.now())) return { ownKey, isLinked: true }
  const first = await findReceiptAlias(secrets, receiptKey)
  if (!isOurs(first, secretKey)) return { ownKey, isLinked: false }
  await withdrawPair(context, ownKey)
  return { ownKey: first.receiptKey, isLinked: true }
}

// Another secret may name the same receipt, or the receipt may have come first, as one whose secret is gone.
function isOurs(alias: ReceiptAlias | undefined, secretKey: SecretKey): alias is ReceiptAlias {
  return alias?.withSecret === true && alias.linkKey === secretKey
}

async function awaitSiteSecret({ secrets }: ImportContext, lifetime: Lifetime): Promise<void> {
  const { imports, now } = secrets
  const until = secretExpiry(lifetime)
  const awaited = await imports.siteSecretAwaited(now())
  if (awaited === undefined || awaited < until) await imports.awaitSiteSecret(until, now())
}
