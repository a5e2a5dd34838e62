import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode } from '../../errors.ts'
import { domainsFor } from '../../secrets/domains.ts'
import { generateValue } from '../../secrets/generate.ts'
import { createSecret } from '../create.ts'
import { retryAfterOf, statusOf } from '../errors.ts'
import { Params } from '../params.ts'
import { RefusedForm, readForm } from './forms.ts'
import { errorText } from './pages/error.ts'
import {
  closedPage,
  type SenderFault,
  type SenderForm,
  type SenderOptions,
  senderPage,
} from './pages/sender.ts'
import { sealValue } from './sealed.ts'
import { sendPage } from './send.ts'
import { type View, viewFor, type WebContext } from './web.ts'

const GENERATED_SECONDS = 300
const REFUSED = 403

// In seconds: five minutes, an hour, four and twelve, a day, three, seven, fourteen, thirty.
const LIFETIMES = [300, 3600, 14_400, 43_200, 86_400, 259_200, 604_800, 1_209_600, 2_592_000]

const FIELD_OF: Partial<Record<ErrorCode, SenderFault['field']>> = {
  nothing_to_share: 'secret',
  secret_too_large: 'secret',
  passphrase_too_large: 'passphrase',
  undeliverable_address: 'recipient',
  too_many_recipients: 'recipient',
  mail_not_configured: 'recipient',
  mail_failed: 'recipient',
  unknown_domain: 'share_domain',
}

/** `/`: where messages are written. What was written comes back with every failure. */
export function senderRoutes(app: FastifyInstance, web: WebContext): void {
  const { secrets, policy, cookies, base } = web

  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    handler: async (request, reply) => {
      const view = viewFor(web, request, reply)
      if (!mayCreate(web, request)) return sendPage(reply, view, closedPage(view))
      return sendPage(reply, view, senderPage(view, optionsFor(web, request), emptyForm(web, request)))
    },
  })

  app.route({
    method: 'POST',
    url: '/',
    handler: async (request, reply) => {
      let params: Params | undefined
      try {
        params = await readForm(web, request, '/')
        const generated = params.text('generate') !== undefined
        const value = generated ? generateValue() : typed(params.text('secret'))
        const asked = withRecipients(params)
        const { metadataKey } = await createSecret(web, request, asked, { value, generated })
        if (generated) {
          const sealed = sealValue(
            secrets.ring,
            'generated',
            JSON.stringify([metadataKey, value]),
            secrets.now(),
            GENERATED_SECONDS,
          )
          cookies.set(reply, 'generated', sealed, GENERATED_SECONDS)
        }
        return reply.redirect(`${base}/private/${metadataKey}`, 303)
      } catch (error) {
        const written = error instanceof RefusedForm ? error.params : params
        if (written === undefined || !mayCreate(web, request)) throw error
        return explain(web, request, reply, written, error)
      }
    },
  })

  function explain(
    web: WebContext,
    request: FastifyRequest,
    reply: FastifyReply,
    written: Params,
    error: unknown,
  ): FastifyReply {
    const view = viewFor(web, request, reply)
    const { status, fault } = describe(view, error)
    if (error instanceof DomainError) {
      if (status >= 500) request.log.error({ err: error }, 'failed')
      const retryAfter = retryAfterOf(status, error.detail.retryAfter)
      if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    }
    const page = senderPage(
      view,
      optionsFor(web, request),
      writtenForm(written, emptyForm(web, request)),
      fault,
    )
    return sendPage(reply, view, page, status)
  }

  function describe(view: View, error: unknown): { status: number; fault: SenderFault } {
    if (error instanceof RefusedForm) return { status: REFUSED, fault: { text: view.say('error.stale') } }
    if (!(error instanceof DomainError)) throw error
    return {
      status: statusOf(error.code),
      fault: { field: FIELD_OF[error.code], text: errorText(view, error) },
    }
  }

  function emptyForm(web: WebContext, request: FastifyRequest): SenderForm {
    const { lifetimes, domains } = optionsFor(web, request)
    const ttl = Math.min(policy.ttl.default, lifetimes.at(-1) ?? policy.ttl.default)
    const shareDomain = domains.find((domain) => domain === request.host) ?? domains[0] ?? ''
    return { secret: '', passphrase: '', ttl, recipient: '', shareDomain }
  }
}

function mayCreate({ policy }: WebContext, { account }: FastifyRequest): boolean {
  return account !== undefined || policy.anonymousCreate
}

function optionsFor({ policy, mailer }: WebContext, { account }: FastifyRequest): SenderOptions {
  const ceiling = account === undefined ? policy.ttl.maxAnonymous : policy.ttl.maxAccount
  const lifetimes = new Set([
    ...LIFETIMES.filter((seconds) => seconds < ceiling),
    policy.ttl.default,
    ceiling,
  ])
  return {
    lifetimes: [...lifetimes].filter((seconds) => seconds <= ceiling).sort((a, b) => a - b),
    maxBytes: policy.secretMaxBytes,
    mail: account !== undefined && mailer !== undefined,
    domains: [new URL(policy.publicUrl).host, ...domainsFor(policy.domains, account?.email)],
  }
}

function writtenForm(params: Params, otherwise: SenderForm): SenderForm {
  return {
    secret: typed(params.text('secret')),
    passphrase: params.text('passphrase') ?? '',
    ttl: Number(params.text('ttl') ?? otherwise.ttl),
    recipient: params.list('recipient').join(', '),
    shareDomain: params.text('share_domain') ?? otherwise.shareDomain,
  }
}

// Browsers send every line break of a text area as CR LF (HTML, "constructing the entry list"); people type LF.
function typed(text = ''): string {
  return text.replaceAll('\r\n', '\n')
}

// One field holds all addresses.
function withRecipients(params: Params): Params {
  const values = params.list('recipient').flatMap((text) => text.split(/[,;\s]+/))
  return params.under(new Params(new Map([['recipient', { values, kind: 'list' }]])))
}
