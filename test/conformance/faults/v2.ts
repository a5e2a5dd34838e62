import type { Fault, Forward } from '../broken-server.ts'
import { type BrokenThing, bodies, keyIn, replies, requests, withBody } from './fault.ts'

const REVEAL = /^\/api\/v2\/secret\/[a-z0-9]{31}\/reveal$/
const CONCEAL = /^\/api\/v[23]\/secret\/conceal$/
const RECEIPT = /^\/api\/v2\/receipt\/[a-z0-9]{31}$/
const BURN = /^\/api\/v2\/receipt\/[a-z0-9]{31}\/burn$/

/** Servers that break one thing of v2 or v3. */
export const V2_FAULTS: readonly BrokenThing[] = [
  {
    title: 'reveals without continue',
    only: 'v2/reveal/continue,v2/reveal/once',
    finds: ['v2/reveal/continue'],
    fault: () =>
      requests(REVEAL, (request) => {
        const isEmpty = request.body.toString() === '{}'
        return isEmpty ? withBody(request, '{"continue":true}') : request
      }),
  },
  {
    title: 'shows the secret at a look',
    only: 'v2/secret/look,v2/secret/unknown',
    finds: ['v2/secret/look'],
    fault: () =>
      bodies(/^\/api\/v2\/secret\/[a-z0-9]{31}$/, (body) => withRecord(body, { secret_value: 'shown' })),
  },
  {
    title: 'lacks success, without which clients take a creation for failed',
    only: 'v2/conceal/response,v2/conceal/nothing',
    finds: ['v2/conceal/response'],
    fault: () => bodies(CONCEAL, ({ success: _, ...body }) => body),
  },
  {
    title: 'writes every number as text',
    only: 'v2/conceal/response,v2/conceal/nothing',
    finds: ['v2/conceal/response'],
    fault: () => replies(CONCEAL, (reply) => ({ ...reply, text: reply.text.replaceAll(/:(\d+)/g, ':"$1"') })),
  },
  {
    title: 'answers 200 for an unknown secret',
    only: 'v2/reveal/unknown,v2/secret/status',
    finds: ['v2/reveal/unknown'],
    fault: () => replies(REVEAL, (reply) => (reply.status === 404 ? { ...reply, status: 200 } : reply)),
  },
  {
    title: 'answers a wrong passphrase as an unknown secret',
    only: 'v2/reveal/passphrase,v2/reveal/unknown',
    finds: ['v2/reveal/passphrase'],
    fault: () =>
      replies(REVEAL, (reply) =>
        reply.status === 422 ? { ...reply, status: 404, text: '{"error":"Unknown secret"}' } : reply,
      ),
  },
  {
    title: 'names the wrong passphrase otherwise',
    only: 'v2/reveal/passphrase,v2/burn/passphrase',
    finds: ['v2/burn/passphrase', 'v2/reveal/passphrase'],
    fault: () =>
      replies(/./, (reply) => ({ ...reply, text: reply.text.replace('Incorrect passphrase', 'Wrong') })),
  },
  {
    title: 'names the type of an error otherwise',
    only: 'v2/conceal/nothing,v2/conceal/flat',
    finds: ['v2/conceal/nothing'],
    fault: () =>
      replies(/./, (reply) => ({ ...reply, text: reply.text.replace('"missing"', '"FormError"') })),
  },
  {
    title: 'takes wrong credentials for none',
    only: 'v2/callers/rejected,v2/callers/anonymous',
    finds: ['v2/callers/rejected'],
    fault: () =>
      requests(/./, ({ headers: { authorization: _, ...headers }, ...rest }) => ({ ...rest, headers })),
  },
  {
    title: 'checks credentials on guest paths',
    only: 'v2/guest',
    finds: ['v2/guest/credentials'],
    fault: () =>
      requests(/\/guest\//, (request) => ({ ...request, path: request.path.replace('/guest', '') })),
  },
  {
    title: 'lets two readers win',
    only: 'v2/races/reveal,v2/reveal/unknown',
    finds: ['v2/races/reveal'],
    fault: twoReaders,
  },
  {
    title: 'lets a reader and a burner win',
    only: 'v2/races/burn,v2/burn/continue',
    finds: ['v2/races/burn'],
    fault: () => (request, forward) => burnsAnyway(forward)(request),
  },
  {
    title: 'has the key of a gone secret on its receipt',
    only: 'v2/receipt',
    finds: ['v2/receipt/revealed'],
    fault: () => {
      const keys = new Map<string, string>()
      return async (request, forward) => {
        const reply = await forward(request)
        const body = CONCEAL.test(request.path) || RECEIPT.test(request.path) ? JSON.parse(reply.text) : {}
        if (CONCEAL.test(request.path) && reply.status === 200) {
          keys.set(body.record.receipt.identifier, body.record.secret.identifier)
        }
        if (!RECEIPT.test(request.path) || body.record === undefined) return reply
        return {
          ...reply,
          text: JSON.stringify(withRecord(body, { secret_identifier: keys.get(keyIn(request)) })),
        }
      }
    },
  },
  {
    title: 'calls a receipt viewed that its sender looked at, which hides Burn',
    only: 'v2/receipt/available,v2/receipt/unknown',
    finds: ['v2/receipt/available'],
    fault: () => bodies(RECEIPT, (body) => withRecord(body, { is_viewed: true })),
  },
  {
    title: 'says that it burned without continue',
    only: 'v2/burn/continue,v2/burn/response',
    finds: ['v2/burn/continue'],
    fault: () => bodies(BURN, (body) => ({ ...body, success: true })),
  },
  {
    title: 'lists the keys of secrets',
    only: 'v2/recent',
    finds: ['v2/recent/list'],
    fault: () => {
      const made: string[] = []
      return async (request, forward) => {
        const reply = await forward(request)
        if (CONCEAL.test(request.path) && reply.status === 200)
          made.push(JSON.parse(reply.text).record.secret.identifier)
        return /\/recent$/.test(request.path) && reply.status === 200
          ? { ...reply, text: JSON.stringify({ ...JSON.parse(reply.text), keys: made }) }
          : reply
      }
    },
  },
  {
    title: 'lets anybody write the memo',
    only: 'v2/recent/memo,v2/recent/owner',
    finds: ['v2/recent/memo'],
    fault: () => {
      let owner: string | undefined
      return (request, forward) => {
        const { authorization = owner } = request.headers
        owner = authorization
        return forward({
          ...request,
          headers: { ...request.headers, ...(authorization && { authorization }) },
        })
      }
    },
  },
  {
    title: 'creates a secret for OPTIONS',
    only: 'v2/requests',
    finds: ['v2/requests/options'],
    fault: () => (request, forward) => {
      if (request.method !== 'OPTIONS') return forward(request)
      return forward({ ...request, method: 'POST', path: '/api/v2/secret/generate' })
    },
  },
  {
    title: 'knows nothing of secrets of v1',
    only: 'v2/versions/of-v1,v2/versions/of-v2',
    finds: ['v2/versions/of-v1'],
    fault: () => {
      const known = new Set<string>()
      return async (request, forward) => {
        const key = keyIn(request)
        if (/^\/api\/v2/.test(request.path) && key !== '' && !known.has(key)) {
          return forward({ ...request, path: request.path.replace(key, 'x'.repeat(31)) })
        }
        const reply = await forward(request)
        if (CONCEAL.test(request.path))
          for (const [one] of reply.text.matchAll(/[a-z0-9]{31}/g)) known.add(one)
        return reply
      }
    },
  },
  {
    title: 'sends v2 as v3',
    only: 'v3/conceal/response,v3/info,v3/secret/unknown',
    finds: ['v3/conceal/response', 'v3/info/locales', 'v3/info/status', 'v3/info/version'],
    fault: () =>
      requests(/^\/api\/v3/, (request) => ({ ...request, path: request.path.replace('/v3', '/v2') })),
  },
  {
    title: 'says a secret is available that is not',
    only: 'v2/secret/status,v2/secret/statuses',
    finds: ['v2/secret/status'],
    fault: () => bodies(/\/status$/, (body) => withRecord(body, body.record ? { state: 'new' } : {})),
  },
  {
    title: 'forgets the receipts of guests',
    only: 'v3/guest',
    finds: ['v3/guest/receipts'],
    fault: () => bodies(/\/guest\/receipts$/, (body) => ({ ...body, ...(body.records && { records: [] }) })),
  },
]

function twoReaders(): Fault {
  const revealed = new Map<string, Awaited<ReturnType<Forward>>>()
  return async (request, forward) => {
    const reply = await forward(request)
    if (!REVEAL.test(request.path)) return reply
    if (reply.status === 200) revealed.set(request.path, reply)
    return revealed.get(request.path) ?? reply
  }
}

function burnsAnyway(forward: Forward): Forward {
  return async (request) => {
    const reply = await forward(request)
    const isBurn = BURN.test(request.path) && request.body.toString().includes('true')
    return isBurn ? { ...reply, text: reply.text.replace('"success":false', '"success":true') } : reply
  }
}

function withRecord(body: { readonly record?: object }, more: object) {
  return body.record === undefined ? body : { ...body, record: { ...body.record, ...more } }
}
