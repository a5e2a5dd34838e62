import type { FastifyInstance, FastifyRequest } from 'fastify'
import { DomainError } from '../../errors.ts'
import { requireAccount } from '../../http/caller.ts'
import { statusOf } from '../../http/errors.ts'
import { burn } from '../../secrets/burn.ts'
import { editMemo } from '../../secrets/edit-memo.ts'
import { clearFailedAttempts, countFailedAttempts } from '../../secrets/failed-attempts.ts'
import { parseReceiptKey } from '../../secrets/keys.ts'
import { type Receipt, viewReceipt } from '../../secrets/receipt.ts'
import { secretLink } from '../../sharing/links.ts'
import type { WebContext } from '../context.ts'
import { type ReceiptView, receiptPage } from './view.ts'

/** Registers `/private/:key`, the receipt page, and the forms on it: they burn the secret, clear failed attempts, edit the memo. */
export function receiptRoutes(app: FastifyInstance, web: WebContext): void {
  const { secrets, policy, base } = web

  app.route<{ Params: { key: string } }>({
    method: ['GET', 'HEAD'],
    url: '/private/:key',
    config: { rateLimit: 'receipt' },
    handler: async (request, reply) => {
      const receiptKey = parseReceiptKey(request.params.key)
      const viewer = request.method === 'GET' ? 'sender' : 'observer'
      const receipt = await viewReceipt(secrets, receiptKey, viewer, request.actor)
      return reply.page(receiptPage(request.view, await shown(request, receipt)))
    },
  })

  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/private/:key/burn',
    config: { rateLimit: 'reveal' },
    handler: async (request, reply) => {
      const { params, view, claimant } = request
      const receiptKey = parseReceiptKey(params.key)
      const passphrase = (await request.parameters()).text('passphrase') ?? ''
      try {
        await burn(secrets, { receiptKey, passphrase, ...claimant })
      } catch (error) {
        const code = error instanceof DomainError ? error.code : undefined
        if (code === 'incorrect_passphrase') {
          const receipt = await viewReceipt(secrets, receiptKey, 'observer', request.actor)
          const page = receiptPage(view, {
            ...(await shown(request, receipt)),
            burnError: view.say('reveal.wrong_passphrase'),
          })
          return reply.code(statusOf(code)).page(page)
        }
        // The secret was revealed or has expired meanwhile, as the receipt will show.
        if (code !== 'unknown_secret') throw error
      }
      return reply.redirect(`${base}/private/${receiptKey}`, 303)
    },
  })

  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/private/:key/attempts',
    config: { rateLimit: 'reveal' },
    handler: async ({ params, claimant }, reply) => {
      const receiptKey = parseReceiptKey(params.key)
      await clearFailedAttempts(secrets, receiptKey, claimant)
      return reply.redirect(`${base}/private/${receiptKey}`, 303)
    },
  })

  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/private/:key/memo',
    config: { rateLimit: 'receipt' },
    handler: async (request, reply) => {
      const { email } = requireAccount(request)
      const receiptKey = parseReceiptKey(request.params.key)
      const memo = (await request.parameters()).text('memo') ?? ''
      await editMemo(secrets, email, receiptKey, memo, request.actor)
      return reply.redirect(`${base}/private/${receiptKey}`, 303)
    },
  })

  // Reloading after a form leads to the first three; clients build the others as receipt links.
  for (const url of [
    '/private/:key/burn',
    '/private/:key/attempts',
    '/private/:key/memo',
    '/receipt/:key',
    '/receipt/:key/burn',
    '/metadata/:key',
  ]) {
    app.route<{ Params: { key: string } }>({
      method: ['GET', 'HEAD'],
      url,
      config: { rateLimit: 'none' },
      handler: async ({ params }, reply) =>
        reply.redirect(`${base}/private/${parseReceiptKey(params.key)}`, 303),
    })
  }

  async function shown({ account }: FastifyRequest, receipt: Receipt): Promise<ReceiptView> {
    const { secretKey, shareDomain, passphraseRequired } = receipt
    const link = secretKey && secretLink(policy.publicUrl, shareDomain, secretKey)
    const failedAttempts = link && passphraseRequired ? await countFailedAttempts(secrets, receipt) : 0
    const owned = account !== undefined && account.email === receipt.custid
    return { receipt, owned, link, failedAttempts, now: secrets.now() }
  }
}
