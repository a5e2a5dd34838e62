import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { derive } from '../crypto/derive.ts'
import type { KeyRing, RootKey } from '../crypto/key-ring.ts'
import { canonicalHost } from '../host.ts'
import type { SharingPolicy } from '../sharing/policy.ts'
import type { Cookies } from './cookies.ts'
import type { Params } from './params.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The parameters of a form; undefined until its origin is verified, and for requests that are not forms. */
    form: Params | undefined
  }
}

/** The name of the form field with the CSRF token. */
export const CSRF_FIELD = 'csrf_token'

const COOKIE_BYTES = 16
const COOKIE_FORM = /^[\w-]{22}$/

/** What issuing and checking CSRF tokens depends on. */
export interface CsrfContext {
  readonly ring: KeyRing
  readonly cookies: Cookies
  readonly policy: Pick<SharingPolicy, 'publicUrl' | 'domains'>
}

/** Rejects a form that another site sent, or whose CSRF token was not issued to this browser for its action. */
export class InvalidCsrfToken extends Error {
  override readonly name = 'InvalidCsrfToken'

  /** Creates the error, without details. */
  constructor() {
    super('invalid CSRF token')
  }
}

/**
 * Rejects forms without a valid CSRF token. Double submit: the token is a keyed hash of a random cookie and the form's
 * action.
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
 * Creates a function that issues the CSRF tokens of one page. The first token sets the CSRF cookie if the browser has
 * none.
 *
 * @returns A function that takes a form's action, its path below the base path, and returns its token.
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

/** Returns the action of the form behind a request: its route with the key filled in; `/` for a malformed path. */
export function actionOf({ routeOptions, params }: FastifyRequest): string {
  const { key = '' } = (params ?? {}) as { key?: string }
  return (routeOptions.url ?? '/').replace(':key', encodeURIComponent(key))
}

/**
 * Tells whether the request may come from a page of this site, as far as the browser says. Under `no-referrer` a form's
 * Origin is `null` (Fetch, "append a request Origin header"); then Sec-Fetch-Site decides. For an old browser that sends
 * neither, only the token does.
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
  const { host: from, protocol } = new URL(origin)
  const sender = canonicalHost(from)
  if (sender === undefined) return false
  const own = [canonicalHost(host, protocol), canonicalHost(new URL(publicUrl).host)]
  return own.includes(sender) || domains.has(sender)
}

function tokenOf({ key }: RootKey, cookie: string, action: string): Buffer {
  return derive(key, 'form', cookie, action)
}

function parseCookie(value: string | undefined): string | undefined {
  return value !== undefined && COOKIE_FORM.test(value) ? value : undefined
}
