import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../errors.ts'
import { reportError, reportInternalError, statusOf } from '../../http/errors.ts'
import type { Params } from '../../http/params.ts'
import { type Delivery, type FailedLink, isFailed, type SentLink } from '../../sharing/create-for-each.ts'
import type { WebContext } from '../context.ts'
import { listAddresses } from '../layout/addresses.ts'
import { passReceiptKeys } from '../sent/receipt-keys.ts'
import { submittedForm } from './filled-form.ts'
import { type PartlySent, rememberPartlySent } from './partly-sent.ts'
import { senderPage } from './view.ts'

/**
 * Leads to the receipts of links that were sent to several recipients. If some emails failed, shows the form again for those
 * alone, and names who got a link.
 */
export function showDeliveries(
  web: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  params: Params,
  deliveries: readonly Delivery[],
): FastifyReply {
  const failed = deliveries.filter(isFailed)
  const sent = deliveries.filter((delivery): delivery is SentLink => !isFailed(delivery))
  if (failed.length === 0) {
    passReceiptKeys(
      web,
      request,
      reply,
      sent.map(({ receipt }) => receipt.receiptKey),
    )
    return reply.redirect(`${web.base}/sent`, 303)
  }
  for (const each of failed) report(request, reply, each)
  const partly = {
    sent: sent.map(({ address, receipt: { receiptKey } }) => ({ address, receiptKey })),
    failed: failed.map(({ address }) => address),
  }
  rememberPartlySent(web, request, reply, params, partly)
  return showPartlySent(web, request, reply, params, partly)
}

/** Shows a form again for the recipients whose emails failed, and who has got a link. */
export function showPartlySent(
  web: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  params: Params,
  { sent, failed }: PartlySent,
): FastifyReply {
  const { view } = request
  const filled = submittedForm(web, request, params)
  const page = senderPage(view, {
    ...filled,
    values: { ...filled.values, recipient: failed.join(', ') },
    error: {
      field: 'recipient',
      text: view.say('sent.failed', { recipients: listAddresses(view, failed) }),
    },
    sent,
  })
  return reply.code(statusOf('email_failed')).page(page)
}

function report(request: FastifyRequest, reply: FastifyReply, { error }: FailedLink): void {
  if (error instanceof DomainError) reportError(request, reply, error)
  else reportInternalError(request, error as Error)
}
