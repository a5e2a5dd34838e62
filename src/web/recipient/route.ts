import type { FastifyInstance } from 'fastify'
import { statusOf } from '../../http/errors.ts'
import { claimSecret } from '../../secrets/claim.ts'
import { parseSecretKey } from '../../secrets/keys.ts'
import { peekSecret } from '../../secrets/peek.ts'
import { viewFor, type WebContext } from '../context.ts'
import { sendPage, sendPageOnce } from '../layout/send.ts'
import { gonePage, openedPage, waitingPage } from './view.ts'

const GONE = statusOf('unknown_secret')

/** `/secret/:key`: a look changes nothing, and only the form that the page carries opens the message. */
export function recipientRoutes(app: FastifyInstance, web: WebContext): void {
  const { secrets } = web

  app.route<{ Params: { key: string } }>({
    method: ['GET', 'HEAD'],
    url: '/secret/:key',
    config: { rateLimit: 'none' },
    handler: async (request, reply) => {
      const { key } = request.params
      const view = viewFor(web, request, reply)
      const peeked = await peekSecret(secrets, parseSecretKey(key))
      if (peeked === undefined) return sendPage(reply, view, gonePage(view, pathOf(key)), GONE)
      return sendPage(reply, view, waitingPage(view, key, peeked))
    },
  })

  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/secret/:key',
    config: { rateLimit: 'reveal' },
    handler: async (request, reply) => {
      const { key } = request.params
      const params = await request.parameters()
      const view = viewFor(web, request, reply)
      const claimant = {
        secretKey: parseSecretKey(key),
        passphrase: params.text('passphrase') ?? '',
        ...request.claimant,
      }
      const result = await claimSecret(secrets, claimant, 'received')
      switch (result.kind) {
        case 'won':
          return sendPageOnce(request, reply, view, openedPage(view, result.secret.value))
        case 'gone':
          return sendPage(reply, view, gonePage(view, pathOf(key)), GONE)
        case 'wrong_passphrase': {
          const page = waitingPage(view, key, { passphraseRequired: true }, result)
          return sendPage(reply, view, page, statusOf('incorrect_passphrase'))
        }
      }
    },
  })
}

function pathOf(key: string): string {
  return `/secret/${encodeURIComponent(key)}`
}
