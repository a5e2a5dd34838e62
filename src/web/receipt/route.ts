import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../errors.ts'
import { statusOf } from '../../http/errors.ts'
import { burn } from '../../secrets/burn.ts'
import { parseReceiptKey } from '../../secrets/keys.ts'
import { viewReceipt } from '../../secrets/receipt.ts'
import type { Viewer } from '../../secrets/store.ts'
import { secretLink } from '../../sharing/links.ts'
import { viewFor, type WebContext } from '../context.ts'
import { sendPage } from '../layout/send.ts'
import { openValue } from '../sealed-cookie.ts'
import { receiptPage } from './view.ts'

/** `/private/:key`: the sender's page, and the form on it that deletes the message. */
export function receiptRoutes(app: FastifyInstance, web: WebContext): void {
  const { secrets, policy, base, cookies } = web

  app.route<{ Params: { key: string } }>({
    method: ['GET', 'HEAD'],
    url: '/private/:key',
    config: { rateLimit: 'none' },
    handler: (request, reply) =>
      sendReceipt(request, reply, request.params.key, request.method === 'GET' ? 'sender' : 'observer'),
  })

  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/private/:key/burn',
    config: { rateLimit: 'reveal' },
    handler: async (request, reply) => {
      const { key } = request.params
      const passphrase = (await request.parameters()).text('passphrase') ?? ''
      try {
        await burn(secrets, { receiptKey: parseReceiptKey(key), passphrase, ...request.claimant })
      } catch (error) {
        const code = error instanceof DomainError ? error.code : undefined
        if (code === 'incorrect_passphrase') return sendReceipt(request, reply, key, 'observer', code)
        // Somebody was quicker: the receipt says what happened.
        if (code !== 'unknown_secret') throw error
      }
      return toReceipt(reply, key)
    },
  })

  // Where a reload of a refused burn leads, and the other names under which clients build this address.
  for (const url of ['/private/:key/burn', '/receipt/:key', '/metadata/:key']) {
    app.route<{ Params: { key: string } }>({
      method: ['GET', 'HEAD'],
      url,
      config: { rateLimit: 'none' },
      handler: async (request, reply) => toReceipt(reply, request.params.key),
    })
  }

  function toReceipt(reply: FastifyReply, key: string): FastifyReply {
    return reply.redirect(`${base}/private/${parseReceiptKey(key)}`, 303)
  }

  async function sendReceipt(
    request: FastifyRequest,
    reply: FastifyReply,
    key: string,
    viewer: Viewer,
    fault?: 'incorrect_passphrase',
  ): Promise<FastifyReply> {
    const receipt = await viewReceipt(secrets, parseReceiptKey(key), viewer)
    const { secretKey, shareDomain } = receipt
    const view = viewFor(web, request, reply)
    const page = receiptPage(view, {
      receipt,
      now: secrets.now(),
      link: secretKey && secretLink(policy.publicUrl, shareDomain, secretKey),
      generated: viewer === 'sender' ? takeGenerated(request, reply, key) : undefined,
      burnFault: fault && view.say('reveal.wrong'),
    })
    return sendPage(reply, view, page, fault ? statusOf(fault) : undefined)
  }

  /** Takes the value that was generated a moment ago out of its cookie. */
  function takeGenerated(request: FastifyRequest, reply: FastifyReply, key: string): string | undefined {
    const sealed = cookies.read(request, 'generated')
    if (sealed === undefined) return undefined
    cookies.clear(reply, 'generated')
    const text = openValue(secrets.ring, 'generated', sealed, secrets.now())
    if (text === undefined) return undefined
    const [receiptKey, value] = JSON.parse(text) as [string, string]
    return receiptKey === key ? value : undefined
  }
}
