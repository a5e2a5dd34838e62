import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { derive } from '../crypto/derive.ts'
import type { KeyRing, RootKey } from '../crypto/key-ring.ts'
import { canonicalHost } from '../host.ts'
import type { SharingPolicy } from '../sharing/policy.ts'
import type { Cookies } from './cookies.ts'
import { causeOf } from './fetch-site.ts'
import type { Params } from './params.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The parameters of a form; undefined until its origin is verified, and for requests that are not forms. */
    form: Params | undefined
  }
  interface FastifyContextConfig {
    /**
     * What proves that a form is from a page of this site: its CSRF token, by default. `origin` is for a route whose path
     * has a key that no other site can know: there it is enough that the browser names this site. The token is needed only
     * if the browser names none.
     */
    csrf?: 'token' | 'origin'
    /** The actions of the forms that the route accepts, in place of its own. GET on the first one shows the form. */
    forms?: readonly [string, ...string[]]
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
  /** What is wrong: the browser sent no CSRF cookie, or the form was not issued to it. */
  readonly reason: 'missing_cookie' | 'foreign_form'

  /** Creates the error for a reason. */
  constructor(reason: InvalidCsrfToken['reason']) {
    super('invalid CSRF token')
    this.reason = reason
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
      const site = siteOfForm(policy, request)
      if (site === 'another site') throw new InvalidCsrfToken('foreign_form')
      request.form = await request.parameters()
      if (site === 'this site' && request.routeOptions.config.csrf === 'origin') return
      const cookie = parseCookie(cookies.read(request, 'csrf'))
      if (cookie === undefined) throw new InvalidCsrfToken('missing_cookie')
      const given = Buffer.from(request.form.text(CSRF_FIELD) ?? '', 'base64url')
      const actions = request.routeOptions.config.forms ?? [actionOf(request)]
      const matches = ring.all.some((root) =>
        actions.some((action) => {
          const expected = tokenOf(root, cookie, action)
          return given.length === expected.length && timingSafeEqual(given, expected)
        }),
      )
      if (!matches) throw new InvalidCsrfToken('foreign_form')
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
  const { forms } = routeOptions.config ?? {}
  if (forms !== undefined) return forms[0]
  const { key = '' } = (params ?? {}) as { key?: string }
  return (routeOptions.url ?? '/').replace(':key', encodeURIComponent(key))
}

/**
 * Returns which site a form is from, as far as the browser says. Under `no-referrer` a form's Origin is `null` (Fetch, "append a request
 * Origin header"); then Sec-Fetch-Site decides. An old browser, and any over plain http, may send neither.
 */
function siteOfForm(policy: CsrfContext['policy'], request: FastifyRequest): ReturnType<typeof causeOf> {
  const cause = causeOf(request)
  const { origin } = request.headers
  if (cause === 'another site' || origin === undefined || origin === 'null') return cause
  return isOwnOrigin(policy, origin, request.host) ? 'this site' : 'another site'
}

function isOwnOrigin({ publicUrl, domains }: CsrfContext['policy'], origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { host: from, protocol } = new URL(origin)
  const named = canonicalHost(from)
  if (named === undefined) return false
  const own = [canonicalHost(host, protocol), canonicalHost(new URL(publicUrl).host)]
  return own.includes(named) || domains.has(named)
}

function tokenOf({ key }: RootKey, cookie: string, action: string): Buffer {
  return derive(key, 'form', cookie, action)
}

function parseCookie(value: string | undefined): string | undefined {
  return value !== undefined && COOKIE_FORM.test(value) ? value : undefined
}
