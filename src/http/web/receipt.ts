import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isKey } from '../../crypto/keys.ts'
import { DomainError } from '../../errors.ts'
import { burn } from '../../secrets/burn.ts'
import { viewMetadata } from '../../secrets/metadata.ts'
import { claimantOf } from '../claimant.ts'
import { statusOf } from '../errors.ts'
import { secretLink } from '../links.ts'
import { readForm } from './forms.ts'
import { receiptPage } from './pages/receipt.ts'
import { openValue } from './sealed.ts'
import { sendPage } from './send.ts'
import { viewFor, type WebContext } from './web.ts'

/** `/private/:key`: the sender's page, and the form on it that deletes the message. */
export function receiptRoutes(app: FastifyInstance, web: WebContext): void {
  const { secrets, policy, limiter, base, cookies } = web

  app.route<{ Params: { key: string } }>({
    method: ['GET', 'HEAD'],
    url: '/private/:key',
    handler: (request, reply) => sendReceipt(request, reply, request.params.key, request.method === 'GET'),
  })

  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/private/:key/burn',
    handler: async (request, reply) => {
      const { key } = request.params
      const params = await readForm(web, request, `/private/${key}/burn`)
      await limiter(request, 'reveal')
      const passphrase = params.text('passphrase') ?? ''
      try {
        await burn(secrets, { metadataKey: key, passphrase, ...claimantOf(request) })
      } catch (error) {
        const code = error instanceof DomainError ? error.code : undefined
        if (code === 'incorrect_passphrase') return sendReceipt(request, reply, key, false, code)
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
      handler: async (request, reply) => toReceipt(reply, request.params.key),
    })
  }

  function toReceipt(reply: FastifyReply, key: string): FastifyReply {
    if (!isKey(key)) throw new DomainError('unknown_secret')
    return reply.redirect(`${base}/private/${key}`, 303)
  }

  async function sendReceipt(
    request: FastifyRequest,
    reply: FastifyReply,
    key: string,
    mark: boolean,
    fault?: 'incorrect_passphrase',
  ): Promise<FastifyReply> {
    const metadata = await viewMetadata(secrets, key, mark)
    const { secretKey, shareDomain } = metadata
    const view = viewFor(web, request, reply)
    const page = receiptPage(view, {
      metadata,
      now: secrets.now(),
      link: secretKey && secretLink(policy.publicUrl, shareDomain, secretKey),
      generated: mark ? takeGenerated(request, reply, key) : undefined,
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
    const [metadataKey, value] = JSON.parse(text) as [string, string]
    return metadataKey === key ? value : undefined
  }
}
