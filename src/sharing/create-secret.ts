import { remember } from '../accounts/recent.ts'
import { DomainError } from '../errors.ts'
import { storeNewSecret, withdrawSecret } from '../secrets/new-secret.ts'
import type { NewReceipt, Receipt } from '../secrets/receipt.ts'
import type { Origin } from '../secrets/records.ts'
import type { Caller } from './caller.ts'
import type { SharingContext } from './context.ts'
import { type Invitations, prepareInvitations } from './invitations.ts'
import { type SharingPolicy, secretMaxBytesFor } from './policy.ts'
import { obscure } from './recipients.ts'
import { chooseShareDomain } from './share-domains.ts'
import { grantTtl } from './ttl.ts'

/** A caller's request to create a secret, each text as the client sent it. */
export interface SecretRequest {
  readonly value: string
  readonly origin: Origin
  /** Empty for none. */
  readonly passphrase: string
  readonly ttl: string | undefined
  readonly recipients: readonly string[]
  readonly shareDomain: string | undefined
  /** Whether the secret link tells the recipient who sent it. An anonymous sender has no name to tell. */
  readonly tellsSender?: boolean
}

/**
 * Creates a secret within the caller's rights, adds it to the account's recent list, and emails its link to the
 * recipients. Source: docs/api/v1.md section 3.
 *
 * @returns The receipt, with both keys.
 * @throws DomainError when the request is invalid, the caller is not allowed to make it, or the store or the SMTP server
 *   fails. No secret remains then.
 */
export async function createSecret(
  context: SharingContext,
  caller: Caller,
  request: SecretRequest,
): Promise<NewReceipt> {
  const { secrets, policy } = context
  const { account } = caller
  assertMayCreate(policy, caller)

  const invitations = prepareInvitations(context, account, request.recipients)
  const ceiling = account === undefined ? policy.ttl.maxAnonymous : policy.ttl.maxAccount
  const receipt = await storeNewSecret(secrets, {
    value: request.value,
    origin: request.origin,
    passphrase: request.passphrase,
    network: caller.network,
    actor: caller.actor,
    admission: caller.admission,
    ttl: grantTtl(request.ttl, policy.ttl, ceiling),
    maxBytes: secretMaxBytesFor(policy, caller),
    custid: account?.email,
    sender: request.tellsSender ? account?.email : undefined,
    recipients: invitations?.addresses.map(obscure),
    shareDomain: chooseShareDomain(policy, caller, request.shareDomain),
  })
  try {
    await deliver(context, caller, receipt, invitations)
  } catch (error) {
    await withdrawSecret(secrets, receipt, caller.actor)
    throw error
  }
  return receipt
}

/**
 * Checks whether a caller may create secrets at all.
 *
 * @throws DomainError `anonymous_creation_off` for an anonymous caller where only accounts may.
 */
export function assertMayCreate(
  { anonymousCreate }: Pick<SharingPolicy, 'anonymousCreate'>,
  { account }: Pick<Caller, 'account'>,
): void {
  if (account === undefined && !anonymousCreate) throw new DomainError('anonymous_creation_off')
}

/** Adds the receipt to the account's recent list and emails the link. If either fails, the secret is withdrawn. */
async function deliver(
  { accounts }: SharingContext,
  { account, locale }: Caller,
  receipt: Receipt,
  invitations: Invitations | undefined,
): Promise<void> {
  if (account !== undefined) await remember(accounts, account, receipt.receiptKey)
  await invitations?.send(receipt, locale)
}
