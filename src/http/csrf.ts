import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { derive } from '../crypto/derive.ts'
import type { KeyRing, RootKey } from '../crypto/key-ring.ts'
import type { SharingPolicy } from '../sharing/policy.ts'
import type { Cookies } from './cookies.ts'
import type { Params } from './params.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What was filled in, once it is known that no other site sent the form; undefined before, and for other requests. */
    form: Params | undefined
  }
}

/** The field of a form that carries its CSRF token. */
export const CSRF_FIELD = 'csrf_token'

const COOKIE_BYTES = 16
const COOKIE_FORM = /^[\w-]{22}$/

/** What CSRF tokens are made and checked with. */
export interface CsrfContext {
  readonly ring: KeyRing
  readonly cookies: Cookies
  readonly policy: Pick<SharingPolicy, 'publicUrl' | 'domains'>
}

/** A form that another site sent, or whose CSRF token is not the one that this browser got for its action. */
export class InvalidCsrfToken extends Error {
  override readonly name = 'InvalidCsrfToken'

  /** Creates the error. */
  constructor() {
    super('invalid CSRF token')
  }
}

/**
 * Rejects each form whose CSRF token is not the one that this browser got for the form's action. Double submit: the token
 * is a keyed hash of a random cookie and the action.
 */
export const csrf = fp(
  async (app: FastifyInstance, { ring, cookies, policy }: CsrfContext) => {
    app.decorateRequest('form', undefined)
    app.addHook('preValidation', async (request) => {
      if (request.method !== 'POST' || request.is404) return
      if (!isFromThisSite(policy, request)) throw new InvalidCsrfToken()
      request.form = await request.parameters()
      const cookie = parseCookie(cookies.read(request, 'csrf'))
      const given = Buffer.from(request.form.text(CSRF_FIELD) ?? '', 'base64url')
      const action = actionOf(request)
      const matches = ring.all.some((root) => {
        const expected = tokenOf(root, cookie ?? '', action)
        return given.length === expected.length && timingSafeEqual(given, expected)
      })
      if (cookie === undefined || !matches) throw new InvalidCsrfToken()
    })
  },
  { name: 'csrf', dependencies: ['parameters', '@fastify/cookie'] },
)

/**
 * Issues the CSRF tokens of the forms on one page. The first one sets the CSRF cookie, unless the browser has it.
 *
 * @returns A function from the action of a form, which is its path below the base path, to its token.
 */
export function csrfTokens(
  { ring, cookies }: Pick<CsrfContext, 'ring' | 'cookies'>,
  request: FastifyRequest,
  reply: FastifyReply,
): (action: string) => string {
  let cookie: string | undefined
  function setCookie(): string {
    const fresh = randomBytes(COOKIE_BYTES).toString('base64url')
    cookies.set(reply, 'csrf', fresh)
    return fresh
  }
  return (action) => {
    cookie ??= parseCookie(cookies.read(request, 'csrf')) ?? setCookie()
    return tokenOf(ring.current, cookie, action).toString('base64url')
  }
}

/** Returns the action of the form that a request sends: the pattern of its route with the key. A malformed path has none. */
export function actionOf({ routeOptions, params }: FastifyRequest): string {
  const { key = '' } = (params ?? {}) as { key?: string }
  return (routeOptions.url ?? '/').replace(':key', encodeURIComponent(key))
}

/**
 * Whether the browser says that a page of this site sent the request. Under `no-referrer` a form's Origin is `null`
 * (Fetch, "append a request Origin header"), so then Sec-Fetch-Site decides, and where an old browser sends neither,
 * the token alone.
 */
function isFromThisSite(
  { publicUrl, domains }: CsrfContext['policy'],
  { headers, host }: FastifyRequest,
): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin } = headers
  if (origin === undefined || origin === 'null') return true
  if (!URL.canParse(origin)) return false
  const sender = new URL(origin).host
  return sender === host || sender === new URL(publicUrl).host || domains.has(sender)
}

function tokenOf({ key }: RootKey, cookie: string, action: string): Buffer {
  return derive(key, 'form', cookie, action)
}

function parseCookie(value: string | undefined): string | undefined {
  return value !== undefined && COOKIE_FORM.test(value) ? value : undefined
}
