import { remember } from '../accounts/recent.ts'
import { DomainError } from '../errors.ts'
import { type NewSecret, storeNewSecret, withdrawSecret } from '../secrets/new-secret.ts'
import type { NewReceipt } from '../secrets/receipt.ts'
import type { Origin } from '../secrets/records.ts'
import type { Caller } from './caller.ts'
import type { SharingContext } from './context.ts'
import { prepareInvitations } from './invitations.ts'
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
  assertMayCreate(context.policy, caller)
  const invitations = prepareInvitations(context, caller.account, request.recipients)
  const secret = prepareSecret(context, caller, request, invitations?.addresses)
  const receipt = await storeRemembered(context, caller, secret)
  if (invitations === undefined) return receipt
  try {
    await invitations.send(receipt, caller.locale)
  } catch (error) {
    await withdrawSecret(context.secrets, receipt, caller.actor)
    throw error
  }
  return receipt
}

/**
 * Turns a request into the secret to store, within the caller's rights.
 *
 * @param addresses The recipients that the receipt will name, obscured.
 * @throws DomainError `unknown_domain`.
 */
export function prepareSecret(
  { policy }: SharingContext,
  caller: Caller,
  request: SecretRequest,
  addresses: readonly string[] | undefined,
): NewSecret {
  const { account } = caller
  const ceiling = account === undefined ? policy.ttl.maxAnonymous : policy.ttl.maxAccount
  return {
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
    recipients: addresses?.map(obscure),
    shareDomain: chooseShareDomain(policy, caller, request.shareDomain),
  }
}

/**
 * Stores a secret and adds its receipt to the account's recent list.
 *
 * @throws DomainError As of `storeNewSecret`. No secret remains then.
 */
export async function storeRemembered(
  { secrets, accounts }: SharingContext,
  { account, actor }: Caller,
  secret: NewSecret,
): Promise<NewReceipt> {
  const receipt = await storeNewSecret(secrets, secret)
  if (account === undefined) return receipt
  try {
    await remember(accounts, account, receipt.receiptKey)
  } catch (error) {
    await withdrawSecret(secrets, receipt, actor)
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
