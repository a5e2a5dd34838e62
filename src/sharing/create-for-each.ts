import { DomainError } from '../errors.ts'
import { assertShareable, withdrawSecret } from '../secrets/new-secret.ts'
import type { NewReceipt } from '../secrets/receipt.ts'
import type { Caller } from './caller.ts'
import type { SharingContext } from './context.ts'
import {
  assertMayCreate,
  createSecret,
  prepareSecret,
  type SecretRequest,
  storeRemembered,
} from './create-secret.ts'
import { prepareInvitations } from './invitations.ts'

/** What became of the email to one recipient. */
export type Delivery = SentLink | FailedLink

/** A recipient whose link was emailed. */
export interface SentLink {
  readonly address: string
  readonly receipt: NewReceipt
}

/** A recipient whose email failed. No secret is stored for this address. */
export interface FailedLink {
  readonly address: string
  readonly error: unknown
}

/** The outcome of creating a secret for each recipient. */
export type Shared =
  /** One secret, for one recipient or none. */
  | { readonly kind: 'one'; readonly receipt: NewReceipt }
  /** One secret for each of several recipients, at least one of whom got the email. In the order of the request. */
  | { readonly kind: 'several'; readonly deliveries: readonly Delivery[] }

/**
 * Creates a secret of its own for each recipient, because a link for several would open for the first of them only. With
 * several recipients, each secret counts as a request. All are stored before the first email is sent, so that a failure of
 * the store leaves none; an email that was sent cannot be undone, so a failed one withdraws its own secret only.
 *
 * @returns Which recipients got a link, and which did not.
 * @throws DomainError as of `createSecret`; also `too_many_recipients` when the rate limit never lets so many through, and
 *   the error of the first email when all failed. No secret remains then.
 */
export async function createForEach(
  context: SharingContext,
  caller: Caller,
  request: SecretRequest,
): Promise<Shared> {
  const { account, admission, locale, actor } = caller
  assertMayCreate(context.policy, caller)
  const invitations = prepareInvitations(context, account, request.recipients)
  if (invitations === undefined || invitations.addresses.length === 1) {
    return { kind: 'one', receipt: await createSecret(context, caller, request) }
  }
  const { addresses } = invitations
  assertShareable(prepareSecret(context, caller, request, addresses))
  if (addresses.length > admission.maximum) {
    throw new DomainError('too_many_recipients', { limit: admission.maximum })
  }
  await admission.count(addresses.length)

  const stored = await storeAll(context, caller, request, addresses)
  const deliveries = await Promise.all(
    stored.map(async ({ address, receipt }): Promise<Delivery> => {
      try {
        await invitations.sendTo(address, receipt, locale)
        return { address, receipt }
      } catch (error) {
        await withdrawSecret(context.secrets, receipt, actor)
        return { address, error }
      }
    }),
  )
  const failed = deliveries.filter(isFailed)
  if (failed[0] !== undefined && failed.length === deliveries.length) throw failed[0].error
  return { kind: 'several', deliveries }
}

/** Tells whether an email failed. */
export function isFailed(delivery: Delivery): delivery is FailedLink {
  return 'error' in delivery
}

/** Stores a secret for each address, one after the other, to take turns with other senders. If one fails, none remains. */
async function storeAll(
  context: SharingContext,
  caller: Caller,
  request: SecretRequest,
  addresses: readonly string[],
): Promise<SentLink[]> {
  const stored: SentLink[] = []
  try {
    for (const address of addresses) {
      const secret = prepareSecret(context, caller, request, [address])
      stored.push({ address, receipt: await storeRemembered(context, caller, secret) })
    }
  } catch (error) {
    for (const { receipt } of stored) await withdrawSecret(context.secrets, receipt, caller.actor)
    throw error
  }
  return stored
}
