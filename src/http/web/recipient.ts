import type { FastifyInstance } from 'fastify'
import { isKey, recordIdOf } from '../../crypto/keys.ts'
import { claimSecret } from '../../secrets/claim.ts'
import { claimantOf } from '../claimant.ts'
import { statusOf } from '../errors.ts'
import { readForm } from './forms.ts'
import { gonePage, openedPage, waitingPage } from './pages/recipient.ts'
import { sendPage, sendPageOnce } from './send.ts'
import { viewFor, type WebContext } from './web.ts'

const GONE = statusOf('unknown_secret')

/** `/secret/:key`: a look changes nothing, and only the form that the page carries opens the message. */
export function recipientRoutes(app: FastifyInstance, web: WebContext): void {
  const { secrets, limiter } = web

  app.route<{ Params: { key: string } }>({
    method: ['GET', 'HEAD'],
    url: '/secret/:key',
    handler: async (request, reply) => {
      const { key } = request.params
      const view = viewFor(web, request, reply)
      const waiting = isKey(key) ? await secrets.store.peek(recordIdOf(key), secrets.now()) : undefined
      if (waiting === undefined) return sendPage(reply, view, gonePage(view, pathOf(key)), GONE)
      return sendPage(reply, view, waitingPage(view, key, waiting))
    },
  })

  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/secret/:key',
    handler: async (request, reply) => {
      const { key } = request.params
      const params = await readForm(web, request, pathOf(key))
      await limiter(request, 'reveal')
      const view = viewFor(web, request, reply)
      if (!isKey(key)) return sendPage(reply, view, gonePage(view, pathOf(key)), GONE)
      const claimant = {
        secretKey: key,
        passphrase: params.text('passphrase') ?? '',
        ...claimantOf(request),
      }
      const result = await claimSecret(secrets, claimant, 'received')
      switch (result.kind) {
        case 'won':
          return sendPageOnce(request, reply, view, openedPage(view, result.message.value))
        case 'gone':
          return sendPage(reply, view, gonePage(view, pathOf(key)), GONE)
        case 'wrong_passphrase': {
          const page = waitingPage(view, key, { protected: true }, result)
          return sendPage(reply, view, page, statusOf('incorrect_passphrase'))
        }
      }
    },
  })
}

function pathOf(key: string): string {
  return `/secret/${encodeURIComponent(key)}`
}
