import type { FastifyRequest } from 'fastify'
import type { DomainError, ErrorCode } from '../../errors.ts'
import { Params } from '../../http/params.ts'
import { domainsFor } from '../../sharing/share-domains.ts'
import type { View, WebContext } from '../context.ts'
import { errorText } from '../error/view.ts'
import type { SenderFault, SenderForm, SenderOptions } from './view.ts'

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

/** @returns What this caller may choose from. */
export function optionsFor({ policy, mailer }: WebContext, { account }: FastifyRequest): SenderOptions {
  const ceiling = account === undefined ? policy.ttl.maxAnonymous : policy.ttl.maxAccount
  const usual = LIFETIMES.filter((seconds) => seconds < ceiling)
  return {
    lifetimes: [...new Set([...usual, policy.ttl.default, ceiling])].sort((a, b) => a - b),
    maxBytes: policy.secretMaxBytes,
    mail: account !== undefined && mailer !== undefined,
    domains: [new URL(policy.publicUrl).host, ...domainsFor(policy.domains, account?.email)],
  }
}

/** @returns The form before anything is written; it makes links on the domain that it was opened on. */
export function emptyForm(web: WebContext, request: FastifyRequest): SenderForm {
  const { domains } = optionsFor(web, request)
  const shareDomain = domains.find((domain) => domain === request.host) ?? domains[0] ?? ''
  return { secret: '', passphrase: '', ttl: web.policy.ttl.default, recipient: '', shareDomain }
}

/**
 * @param otherwise For the fields that did not come.
 * @returns The form as it was sent.
 */
export function writtenForm(params: Params, otherwise: SenderForm): SenderForm {
  return {
    secret: typedText(params.text('secret')),
    passphrase: params.text('passphrase') ?? '',
    ttl: Number(params.text('ttl') ?? otherwise.ttl),
    recipient: params.list('recipient').join(', '),
    shareDomain: params.text('share_domain') ?? otherwise.shareDomain,
  }
}

/** @returns What is wrong, and with which field. */
export function faultOf(view: View, error: DomainError): SenderFault {
  return { field: FIELD_OF[error.code], text: errorText(view, error) }
}

/** @returns The text as it was typed: browsers send each of its line breaks as CR LF (HTML, "form submission"). */
export function typedText(sent = ''): string {
  return sent.replaceAll('\r\n', '\n')
}

/** @returns The parameters with each address apart; one field holds them all. */
export function withRecipients(params: Params): Params {
  const values = params.list('recipient').flatMap((text) => text.split(/[,;\s]+/))
  return new Params(new Map([['recipient', { values, kind: 'list' }]])).withDefaults(params)
}
