import { remember } from '../accounts/recent.ts'
import { DomainError } from '../errors.ts'
import { storeNewSecret, withdrawSecret } from '../secrets/new-secret.ts'
import type { NewReceipt, Receipt } from '../secrets/receipt.ts'
import type { Caller } from './caller.ts'
import type { SharingContext } from './context.ts'
import { type Invitations, prepareInvitations } from './invitations.ts'
import { obscure } from './recipients.ts'
import { chooseShareDomain } from './share-domains.ts'
import { grantTtl } from './ttl.ts'

/** What a caller asks to have kept, each text as it came. */
export interface SecretRequest {
  readonly value: string
  /** Whether the caller wrote the value, or the server generated it. */
  readonly origin: 'given' | 'generated'
  /** Empty for none. */
  readonly passphrase: string
  readonly ttl: string | undefined
  readonly recipients: readonly string[]
  readonly shareDomain: string | undefined
}

/**
 * Creates a secret within the caller's rights, adds it to the recent list of the caller's account, and emails its link
 * to the recipients. Source: docs/api/v1.md section 3.
 *
 * @param context Stores, keys, mailer and policy.
 * @param caller Who asks.
 * @param request What for.
 * @returns The receipt, with both keys.
 * @throws DomainError for whatever the request, the caller's rights, the store or the mail server objects to; nothing
 *   is kept then.
 */
export async function createSecret(
  context: SharingContext,
  caller: Caller,
  request: SecretRequest,
): Promise<NewReceipt> {
  const { secrets, policy } = context
  const { account } = caller
  if (account === undefined && !policy.anonymousCreate) throw new DomainError('not_authorized')

  const invitations = prepareInvitations(context, account, request.recipients)
  const ceiling = account === undefined ? policy.ttl.maxAnonymous : policy.ttl.maxAccount
  const receipt = await storeNewSecret(secrets, {
    value: request.value,
    origin: request.origin,
    passphrase: request.passphrase,
    ttl: grantTtl(request.ttl, policy.ttl, ceiling),
    maxBytes: policy.secretMaxBytes,
    custid: account?.email,
    recipients: invitations?.addresses.map(obscure),
    shareDomain: chooseShareDomain(policy, caller, request.shareDomain),
  })
  try {
    await deliver(context, caller, receipt, invitations)
  } catch (error) {
    await withdrawSecret(secrets, receipt)
    throw error
  }
  return receipt
}

/** Lets the account find the secret again and sends its link to the recipients; the secret only stands if both succeed. */
async function deliver(
  { accounts }: SharingContext,
  { account, locale }: Caller,
  receipt: Receipt,
  invitations: Invitations | undefined,
): Promise<void> {
  if (account !== undefined) await remember(accounts, account, receipt.receiptKey)
  await invitations?.send(receipt, locale)
}
