import type { Exchange, Fault, Forward } from '../broken-server.ts'
import { type BrokenThing, bodies, keyIn, replies, requests, withBody } from './fault.ts'

const SHARE = /^\/api\/v1\/share/
const REVEAL = /^\/api\/v1\/secret\/[a-z0-9]{31}$/
const PRIVATE = /^\/api\/v1\/private\/[a-z0-9]{31}$/
const BURN = /^\/api\/v1\/private\/[a-z0-9]{31}\/burn$/

/** Servers that break one thing of v1. */
export const V1_FAULTS: readonly BrokenThing[] = [
  {
    title: 'says another message for an unknown secret',
    only: 'v1/secret/unknown,v1/receipt/unknown',
    finds: ['v1/secret/unknown', 'v1/receipt/unknown'],
    fault: () => bodies(/./, (body) => renamed(body, 'Unknown secret', 'Secret not found')),
  },
  {
    title: 'says the key of the receipt as the requested key',
    only: 'v1/secret/once,v1/secret/unknown',
    finds: ['v1/secret/once', 'v1/secret/unknown'],
    fault: () =>
      bodies(REVEAL, ({ secret_key, ...body }, { status }) =>
        status === 404 ? body : { ...body, secret_key },
      ),
  },
  {
    title: 'forgets secret_ttl',
    only: 'v1/share,v1/status',
    finds: ['v1/share/metadata'],
    fault: () => bodies(SHARE, ({ secret_ttl: _, ...body }) => body),
  },
  {
    title: 'writes numbers as text',
    only: 'v1/share,v1/receipt/fields',
    finds: ['v1/share/metadata'],
    fault: () => bodies(SHARE, (body) => ({ ...body, metadata_ttl: String(body.metadata_ttl) })),
  },
  {
    title: 'writes null for a missing field',
    only: 'v1/receipt',
    finds: ['v1/receipt/received'],
    fault: () =>
      bodies(PRIVATE, (body) => ({ ...body, ...(body.state === 'received' && { secret_key: null }) })),
  },
  {
    title: 'has a field that strict clients reject',
    only: 'v1/status,v1/share/metadata',
    finds: ['v1/status/get', 'v1/status/post', 'v1/status/slashes'],
    fault: () => bodies(/\/status/, (body) => ({ ...body, uptime: 1 })),
  },
  {
    title: 'answers 200 for an unknown secret',
    only: 'v1/secret/unknown,v1/secret/bytes',
    finds: ['v1/secret/unknown'],
    fault: () => replies(REVEAL, (reply) => (reply.status === 404 ? { ...reply, status: 200 } : reply)),
  },
  {
    title: 'answers a client error with the status that it means',
    only: 'v1/share/nothing,v1/share/metadata',
    finds: ['v1/share/nothing'],
    fault: () => replies(SHARE, (reply) => (reply.status === 404 ? { ...reply, status: 400 } : reply)),
  },
  {
    title: 'has no X-OTS-Intended-Status',
    only: 'v1/errors/intended-status,v1/errors/form,v1/share/nothing',
    finds: ['v1/errors/intended-status'],
    fault: () => replies(/./, (reply) => withoutHeader(reply, 'x-ots-intended-status')),
  },
  {
    title: 'writes errors as HTML',
    only: 'v1/errors/form,v1/status/get',
    finds: ['v1/errors/form'],
    fault: () =>
      replies(/nowhere/, (reply) => ({
        ...reply,
        headers: { 'content-type': 'text/html' },
        text: '<h1>Not Found</h1>',
      })),
  },
  {
    title: 'lets responses be stored',
    only: 'v1/errors/form,v1/status',
    finds: ['v1/errors/form'],
    fault: () => replies(/./, (reply) => withoutHeader(reply, 'cache-control')),
  },
  {
    title: 'writes JSON with spaces',
    only: 'v1/errors/form,v1/status',
    finds: ['v1/errors/form'],
    fault: () => replies(/./, (reply) => ({ ...reply, text: reply.text.replaceAll('":', '": ') })),
  },
  {
    title: 'lets two readers win',
    only: 'v1/races/reveal,v1/secret/bytes',
    finds: ['v1/races/reveal'],
    fault: twoReaders,
  },
  {
    title: 'reveals a secret again',
    only: 'v1/secret/once,v1/secret/bytes',
    finds: ['v1/secret/once'],
    fault: twoReaders,
  },
  {
    title: 'reveals a secret that is burned at the same time',
    only: 'v1/races/burn,v1/burn/response',
    finds: ['v1/races/burn'],
    fault: burnsAnyway,
  },
  {
    title: 'has the secret in its receipt',
    only: 'v1/receipt/fields,v1/receipt/viewed',
    finds: ['v1/receipt/fields'],
    fault: () => {
      const values = new Map<string, string>()
      return async (request, forward) => {
        const reply = await forward(request)
        const body = JSON.parse(reply.text)
        if (SHARE.test(request.path)) values.set(body.metadata_key, paramsOf(request).get('secret') ?? '')
        if (!PRIVATE.test(request.path)) return reply
        return { ...reply, text: JSON.stringify({ ...body, value: values.get(body.metadata_key) }) }
      }
    },
  },
  {
    title: 'shows the recipient the metadata key',
    only: 'v1/secret/once,v1/secret/kept',
    finds: ['v1/secret/kept', 'v1/secret/once'],
    fault: () => {
      const pairs = new Map<string, string>()
      return async (request, forward) => {
        const reply = await forward(request)
        const body =
          SHARE.test(request.path) || REVEAL.test(request.path) ? JSON.parse(reply.text || '{}') : {}
        if (SHARE.test(request.path)) pairs.set(body.secret_key, body.metadata_key)
        if (body.value === undefined) return reply
        return { ...reply, text: JSON.stringify({ ...body, metadata_key: pairs.get(body.secret_key) }) }
      }
    },
  },
  {
    title: 'ignores the passphrase',
    only: 'v1/secret/passphrase,v1/secret/once',
    finds: ['v1/secret/passphrase'],
    fault: () => requests(SHARE, (request) => withBody(request, without(request, 'passphrase'))),
  },
  {
    title: 'trims the passphrase',
    only: 'v1/secret/passphrase,v1/burn/passphrase',
    finds: ['v1/secret/passphrase'],
    fault: () => requests(/^\/api\/v1\/(share|secret)/, trimming('passphrase')),
  },
  {
    title: 'loses a secret to a wrong passphrase',
    only: 'v1/secret/kept,v1/secret/once',
    finds: ['v1/secret/kept'],
    fault: () => {
      const pairs = new Map<string, string>()
      return async (request, forward) => {
        const reply = await forward(request)
        if (SHARE.test(request.path)) remember(pairs, reply.text)
        if (REVEAL.test(request.path) && reply.status === 404) {
          await burn(forward, pairs.get(keyIn(request)) ?? '', 'tulip')
        }
        return reply
      }
    },
  },
  {
    title: 'reveals to a GET',
    only: 'v1/secret/kept,v1/secret/once',
    finds: ['v1/secret/kept'],
    fault: () => (request, forward) => {
      if (!/^\/api\/v1\/secret\/.*\?/.test(request.path)) return forward(request)
      return forward({ ...request, method: 'POST' })
    },
  },
  {
    title: 'burns a secret when its page is opened',
    only: 'v1/web/recipient,v1/web/sender',
    finds: ['v1/web/recipient'],
    fault: () => {
      const pairs = new Map<string, string>()
      return async (request, forward) => {
        const reply = await forward(request)
        if (SHARE.test(request.path)) remember(pairs, reply.text)
        if (/^\/secret\//.test(request.path)) await burn(forward, pairs.get(keyIn(request)) ?? '', '')
        return reply
      }
    },
  },
  {
    title: 'trims secrets',
    only: 'v1/secret/bytes,v1/secret/once',
    finds: ['v1/secret/bytes'],
    fault: () => requests(SHARE, trimming('secret')),
  },
  {
    title: 'cuts secrets that are too large',
    only: 'v1/share/too-large,v1/share/nothing',
    finds: ['v1/share/too-large'],
    fault: () => requests(SHARE, (request) => withBody(request, request.body.toString().slice(0, 9000))),
  },
  {
    title: 'keeps a secret without an expiry',
    only: 'v1/ttl',
    finds: ['v1/ttl/default'],
    fault: () => async (request, forward) => {
      const reply = await forward(request)
      if (paramsOf(request).get('ttl') !== '0') return reply
      return { ...reply, text: JSON.stringify({ ...JSON.parse(reply.text), ttl: 0 }) }
    },
  },
  {
    title: 'keeps the receipt no longer than the secret',
    only: 'v1/ttl',
    finds: ['v1/ttl/granted'],
    fault: () => bodies(SHARE, (body) => ({ ...body, metadata_ttl: body.secret_ttl })),
  },
  {
    title: 'grants less than requested',
    only: 'v1/ttl/decimal,v1/ttl/minimum',
    finds: ['v1/ttl/decimal'],
    fault: () => bodies(SHARE, (body) => ({ ...body, ttl: Math.min(body.ttl, 1800) })),
  },
  {
    title: 'says viewed at the first look',
    only: 'v1/receipt/viewed,v1/receipt/fields',
    finds: ['v1/receipt/viewed'],
    fault: () => bodies(PRIVATE, (body) => renamed(body, 'new', 'viewed')),
  },
  {
    title: 'has the newer names nowhere',
    only: 'v1/receipt,v1/burn/response',
    finds: ['v1/receipt/newer-names'],
    fault: () => bodies(/\/(create|receipt)/, ({ identifier: _, receipt_url: __, ...body }) => body),
  },
  {
    title: 'says burned without burning',
    only: 'v1/burn/final,v1/burn/unknown',
    finds: ['v1/burn/final'],
    fault: () => async (request, forward) => {
      if (!BURN.test(request.path) || keyIn(request) === 'x'.repeat(31)) return forward(request)
      const path = request.path.replace(/\/burn$/, '')
      const { text, ...reply } = await forward({ ...request, path })
      const body = JSON.parse(text)
      return { ...reply, text: JSON.stringify({ state: { ...body, state: 'burned' }, secret_shortkey: '' }) }
    },
  },
  {
    title: 'burns without asking for the passphrase',
    only: 'v1/burn/passphrase,v1/burn/response',
    finds: ['v1/burn/passphrase'],
    fault: () => requests(BURN, (request) => withBody(request, 'passphrase=tulip')),
  },
  {
    title: 'ignores credentials',
    only: 'v1/authentication/unknown-user,v1/authentication/anonymous',
    finds: ['v1/authentication/unknown-user'],
    fault: () =>
      requests(/./, ({ headers: { authorization: _, ...headers }, ...rest }) => ({ ...rest, headers })),
  },
  {
    title: 'takes a malformed header for none',
    only: 'v1/authentication',
    finds: ['v1/authentication/malformed'],
    fault: () =>
      requests(/./, ({ headers: { authorization = '', ...headers }, ...rest }) => ({
        ...rest,
        headers: /^Basic ([A-Za-z0-9+]+=*)$/.test(authorization) ? { ...headers, authorization } : headers,
      })),
  },
  {
    title: 'challenges callers',
    only: 'v1/authentication/no-challenge,v1/authentication/malformed',
    finds: ['v1/authentication/no-challenge'],
    fault: () =>
      replies(/./, (reply) => ({ ...reply, headers: { ...reply.headers, 'www-authenticate': 'Basic' } })),
  },
  {
    title: 'lists the keys of secrets',
    only: 'v1/recent',
    finds: ['v1/recent/list', 'v1/recent/paths'],
    fault: () =>
      bodies(/\/recent$/, (body) =>
        Array.isArray(body) ? body.map((one) => ({ ...one, secret_key: 'k'.repeat(31) })) : body,
      ),
  },
  {
    title: 'lists the oldest first',
    only: 'v1/recent',
    finds: ['v1/recent/list'],
    fault: () =>
      bodies(/\/recent$/, (body) =>
        Array.isArray(body) ? body.map((one, index) => ({ ...one, created: 1.8e9 + index })) : body,
      ),
  },
  {
    title: 'coerces an array to a secret',
    only: 'v1/errors/coercion,v1/errors/undecodable',
    finds: ['v1/errors/coercion'],
    fault: () =>
      requests(SHARE, (request) => withBody(request, request.body.toString().replace('["a"]', '"a"'))),
  },
  {
    title: 'answers 500 to what it cannot decode',
    only: 'v1/errors/undecodable,v1/errors/coercion',
    finds: ['v1/errors/undecodable'],
    fault: () => replies(/%zz/, (reply) => ({ ...reply, status: 500 })),
  },
  {
    title: 'reads no multipart body',
    only: 'v1/formats',
    finds: ['v1/formats/multipart', 'v1/formats/multipart-file'],
    fault: () =>
      requests(SHARE, (request) =>
        request.headers['content-type']?.startsWith('multipart') ? withBody(request, '') : request,
      ),
  },
  {
    title: 'prefers the query to the body',
    only: 'v1/formats/merged,v1/formats/query',
    finds: ['v1/formats/merged'],
    fault: () => requests(/of-the-query/, (request) => withBody(request, '')),
  },
  {
    title: 'generates another value than it says',
    only: 'v1/generate/kept,v1/generate/metadata',
    finds: ['v1/generate/kept'],
    fault: () => bodies(/\/generate$/, (body) => ({ ...body, value: 'abcdefgh2345' })),
  },
  {
    title: 'generates from another alphabet',
    only: 'v1/generate/length,v1/generate/state',
    finds: ['v1/generate/length'],
    fault: () => bodies(/\/generate$/, (body) => ({ ...body, value: body.value?.replace(/./, '0') })),
  },
  {
    title: 'accepts an unknown domain',
    only: 'v1/share/unknown-domain,v1/share/unknown-parameters',
    finds: ['v1/share/unknown-domain'],
    fault: () => requests(SHARE, (request) => withBody(request, without(request, 'share_domain'))),
  },
]

/** Remembers each secret that was revealed, and reveals it to whoever asks again. */
function twoReaders(): Fault {
  const revealed = new Map<string, Awaited<ReturnType<Forward>>>()
  return async (request, forward) => {
    const reply = await forward(request)
    if (!REVEAL.test(request.path)) return reply
    if (reply.status === 200) revealed.set(request.path, reply)
    return revealed.get(request.path) ?? reply
  }
}

function burnsAnyway(): Fault {
  return async (request, forward) => {
    const reply = await forward(request)
    if (!BURN.test(request.path) || reply.status === 200) return reply
    return { ...reply, status: 200 }
  }
}

function remember(pairs: Map<string, string>, text: string): void {
  const { secret_key, metadata_key } = JSON.parse(text)
  pairs.set(secret_key, metadata_key)
}

function burn(forward: Forward, metadataKey: string, passphrase: string) {
  return forward({
    method: 'POST',
    path: `/api/v1/private/${metadataKey}/burn`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams({ passphrase }).toString()),
  })
}

function paramsOf({ body }: Exchange): URLSearchParams {
  return new URLSearchParams(body.toString())
}

function without(request: Exchange, name: string): string {
  const params = paramsOf(request)
  params.delete(name)
  return params.toString()
}

function trimming(name: string) {
  return (request: Exchange) => {
    const params = paramsOf(request)
    const value = params.get(name)
    if (value === null) return request
    params.set(name, value.trim())
    return withBody(request, params.toString())
  }
}

function renamed(body: Record<string, unknown>, from: string, to: string) {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value === from ? to : value]))
}

function withoutHeader<Reply extends { readonly headers: Readonly<Record<string, string>> }>(
  { headers, ...reply }: Reply,
  name: string,
) {
  const { [name]: _, ...kept } = headers
  return { ...reply, headers: kept } as unknown as Reply
}
