import type { FastifyRequest } from 'fastify'
import type { Account } from '../accounts/authenticate.ts'
import { remember } from '../accounts/recent.ts'
import { DomainError } from '../errors.ts'
import type { Locale } from '../i18n/catalog.ts'
import { chooseShareDomain } from '../secrets/domains.ts'
import type { Metadata } from '../secrets/metadata.ts'
import { obscure, parseRecipients } from '../secrets/recipients.ts'
import { share } from '../secrets/share.ts'
import { grantTtl } from '../secrets/ttl.ts'
import type { HttpContext, Policy } from './context.ts'
import { secretLink } from './links.ts'
import { localeOf } from './locale.ts'
import type { Params } from './params.ts'

/**
 * Creates a secret as a request asks: within the caller's rights and budget, remembered for its account, its link
 * mailed to its recipients. Source: v1-api section 3.
 * @param value What to keep, and whether we made it.
 * @returns The metadata, with both keys.
 * @throws DomainError for whatever the parameters, the caller's rights, the store or the mail server object to;
 *   nothing is kept then.
 */
export async function createSecret(
  context: HttpContext,
  request: FastifyRequest,
  params: Params,
  value: { readonly value: string; readonly generated: boolean },
): Promise<Metadata> {
  const { secrets, accounts, policy, limiter } = context
  const { account } = request
  if (account === undefined && !policy.anonymousCreate) throw new DomainError('not_authorized')
  await limiter(request, 'create')

  const mail = prepareMail(context, account, params)
  const ceiling = account === undefined ? policy.ttl.maxAnonymous : policy.ttl.maxAccount
  const secret = {
    ...value,
    passphrase: params.text('passphrase') ?? '',
    ttl: grantTtl(params.text('ttl'), policy.ttl, ceiling),
    maxBytes: policy.secretMaxBytes,
    custid: account?.email,
    recipients: mail?.addresses.map(obscure),
    shareDomain: shareDomainFor(policy, request, params),
  }
  if (account === undefined) return share(secrets, secret)

  return share(secrets, secret, async (metadata) => {
    await remember(accounts, account, metadata.metadataKey)
    await mail?.send(metadata, localeOf(request.headers))
  })
}

function shareDomainFor({ domains, publicUrl }: Policy, request: FastifyRequest, params: Params) {
  const requested = params.text('share_domain')
  if (domains.size === 0 && !requested) return undefined
  const { host, hostname } = new URL(publicUrl)
  // Its port may be left out.
  const wanted = requested?.trim().toLowerCase() === hostname ? host : requested
  return chooseShareDomain(domains, host, wanted, request.host, request.account?.email)
}

function prepareMail({ mailer, policy }: HttpContext, account: Account | undefined, params: Params) {
  const given = params.list('recipient').filter((text) => text.trim() !== '')
  if (given.length === 0) return undefined
  if (account === undefined) throw new DomainError('account_required')
  const addresses = parseRecipients(given)
  if (mailer === undefined) throw new DomainError('mail_not_configured')

  const send = async (
    { secretKey = '', shareDomain, created, ttl }: Metadata,
    locale: Locale,
  ): Promise<void> => {
    const link = secretLink(policy.publicUrl, shareDomain, secretKey)
    const invitation = { link, sender: account.email, locale, expires: created + ttl * 1000 }
    await Promise.all(addresses.map((to) => mailer.send({ ...invitation, to })))
  }
  return { addresses, send }
}
