import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { derive } from '../crypto/derive.ts'
import type { RootKey } from '../crypto/key-ring.ts'
import { readParams } from './bodies.ts'
import type { HttpContext } from './context.ts'
import type { Cookies } from './cookies.ts'
import type { Params } from './params.ts'

/** The field of a form that carries its token. */
export const FORM_TOKEN = 'form_token'

const VISIT_BYTES = 16
const VISIT_FORM = /^[\w-]{22}$/

/** What forms need of the pages. */
interface FormContext extends HttpContext {
  readonly cookies: Cookies
}

/** A form that did not come from a page of ours, or from one that this browser has since replaced. */
export class RefusedForm extends Error {
  override readonly name = 'RefusedForm'
  /** What the form said, if it came from one of our pages. */
  readonly params: Params | undefined

  /** @param params Undefined when another site sent the form. */
  constructor(params?: Params) {
    super('a form was refused')
    this.params = params
  }
}

/**
 * Lets a browser send forms: it gets a random `visit` cookie, unless it has one.
 * @returns Makes the token of a form from the path that it is sent to.
 */
export function issueForms(
  { cookies, secrets: { ring } }: FormContext,
  request: FastifyRequest,
  reply: FastifyReply,
): (action: string) => string {
  let visit: string | undefined
  function begin(): string {
    const fresh = randomBytes(VISIT_BYTES).toString('base64url')
    cookies.set(reply, 'visit', fresh)
    return fresh
  }
  return (action) => {
    visit ??= visitOf(cookies.read(request, 'visit')) ?? begin()
    return tokenOf(ring.current, visit, action).toString('base64url')
  }
}

/**
 * Reads a form that this browser got from one of our pages.
 * @param action The path that it was sent to, as `issueForms` was told.
 * @throws RefusedForm for any other; DomainError `malformed_request` when it can't be decoded.
 */
export async function readForm(web: FormContext, request: FastifyRequest, action: string): Promise<Params> {
  if (!isFromHere(web, request)) throw new RefusedForm()
  const params = await readParams(request)
  const visit = visitOf(web.cookies.read(request, 'visit'))
  const given = Buffer.from(params.text(FORM_TOKEN) ?? '', 'base64url')
  const matches = web.secrets.ring.all.some((root) => {
    const expected = tokenOf(root, visit ?? '', action)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (visit === undefined || !matches) throw new RefusedForm(params)
  return params
}

/**
 * Whether the browser says that a page of this site sent the request. Under `no-referrer` a form's Origin is `null`
 * (Fetch, "append a request Origin header"), so then Sec-Fetch-Site decides, and where an old browser sends neither,
 * the token alone.
 */
function isFromHere({ policy }: FormContext, { headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin } = headers
  if (origin === undefined || origin === 'null') return true
  if (!URL.canParse(origin)) return false
  const sender = new URL(origin).host
  return sender === host || sender === new URL(policy.publicUrl).host || policy.domains.has(sender)
}

function tokenOf({ key }: RootKey, visit: string, action: string): Buffer {
  return derive(key, 'form', visit, action)
}

function visitOf(cookie: string | undefined): string | undefined {
  return cookie !== undefined && VISIT_FORM.test(cookie) ? cookie : undefined
}
