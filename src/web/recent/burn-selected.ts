import type { FastifyRequest } from 'fastify'
import { DomainError } from '../../errors.ts'
import type { Params } from '../../http/params.ts'
import { burn } from '../../secrets/burn.ts'
import type { SecretsContext } from '../../secrets/context.ts'
import type { Receipt } from '../../secrets/receipt.ts'
import { isPending } from '../../secrets/states.ts'
import { errorText } from '../error/text.ts'
import { type BurnOutcome, passphraseField, type SelectedSecret } from './burn-view.ts'

/** Returns a selected secret before anything was tried. */
export function unburned(receipt: Receipt): SelectedSecret {
  return { receipt, outcome: { kind: isPending(receipt.state) ? 'waiting' : 'gone' } }
}

/**
 * Burns the selected secrets, one after the other, because each may need its passphrase stretched. If one fails, the others
 * are burned all the same.
 *
 * @param params The form, with a passphrase for each protected secret.
 */
export async function burnSelected(
  context: SecretsContext,
  request: FastifyRequest,
  params: Params,
  receipts: readonly Receipt[],
): Promise<SelectedSecret[]> {
  const selected: SelectedSecret[] = []
  for (const receipt of receipts) {
    selected.push({ receipt, outcome: await burnOne(context, request, params, receipt) })
  }
  return selected
}

async function burnOne(
  context: SecretsContext,
  { view, claimant }: FastifyRequest,
  params: Params,
  receipt: Receipt,
): Promise<BurnOutcome> {
  const { receiptKey, state, passphraseRequired } = receipt
  if (!isPending(state)) return { kind: 'gone' }
  const passphrase = params.text(passphraseField(receipt)) ?? ''
  if (passphraseRequired && passphrase === '') {
    return { kind: 'waiting', error: view.say('recent.burn_passphrase_missing') }
  }
  try {
    await burn(context, { receiptKey, passphrase, ...claimant })
    return { kind: 'burned' }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (error.code === 'unknown_secret') return { kind: 'gone' }
    return { kind: 'waiting', error: errorText(view, error) }
  }
}
