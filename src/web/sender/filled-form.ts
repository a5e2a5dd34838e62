import type { FastifyRequest } from 'fastify'
import { canonicalHost } from '../../host.ts'
import type { Params } from '../../http/params.ts'
import type { WebContext } from '../context.ts'
import { duration } from '../layout/times.ts'
import type { SentTo } from '../sent/view.ts'
import type { SenderError } from './error.ts'
import { emptyValues, type FormValues, submittedValues } from './form-values.ts'
import { type AccountChange, accountChange, OPENED_FOR_FIELD, openedFor } from './opened-for.ts'
import { accountOptions, type SenderOptions, senderOptions } from './options.ts'

/** The content of the form. */
export interface FilledForm {
  readonly options: SenderOptions
  readonly values: FormValues
  /** The hidden field that says for whom the form was opened. */
  readonly openedFor: string
  /** What the sender has to do before the secret can be created. */
  readonly required?: 'sign in' | 'sign in, or continue without an account' | undefined
  /** What has changed since the form was opened. */
  readonly notice?: string | undefined
  readonly error?: SenderError | undefined
  /** Recipients who got a link, when the email to others failed. */
  readonly sent?: readonly SentTo[]
  /** The step that the form is shown for. */
  readonly step?: 'password' | undefined
}

/** Tells whether a caller may create secrets. */
export function mayCreate({ policy }: WebContext, { account }: FastifyRequest): boolean {
  return account !== undefined || policy.anonymousCreate
}

/** Returns how the account of the sender has changed since a form was opened. */
export function changeSinceOpened(
  { secrets }: WebContext,
  { account }: FastifyRequest,
  params: Params,
): AccountChange {
  return accountChange(secrets.ring, params.text(OPENED_FOR_FIELD), account)
}

/** Returns the form of a caller, empty. */
export function emptyForm(web: WebContext, request: FastifyRequest): FilledForm {
  const options = senderOptions(web, request)
  return {
    options,
    values: initialValues(web, request, options),
    openedFor: openedFor(web.secrets.ring, request.account),
  }
}

/** Returns a form as it was filled in, with a notice if it can no longer be sent as it was opened. */
export function submittedForm(web: WebContext, request: FastifyRequest, params: Params): FilledForm {
  if (request.sessionFailure !== undefined) return formAsSent(web, request, params)
  const change = changeSinceOpened(web, request, params)
  if (change === 'signed_out' || !mayCreate(web, request)) return signedOutForm(web, request, params, change)
  const empty = emptyForm(web, request)
  const values = submittedValues(params, empty.values, empty.options)
  if (change !== 'signed_in') return { ...empty, values }
  const { view } = request
  const notice = view.say('create.signed_in', { account: view.account ?? '' })
  return { ...empty, options: withTyped(empty.options, values), values, notice }
}

/** Returns the form of a sender who continues without an account, which has nothing that only accounts can choose. */
export function anonymousForm(web: WebContext, request: FastifyRequest, params: Params): FilledForm {
  const empty = emptyForm(web, request)
  const values = submittedValues(params, empty.values, empty.options)
  const time = duration(request.view.locale, web.policy.ttl.maxAnonymous)
  const notice = request.view.say('create.anonymous', { time })
  return { ...empty, values: { ...values, tellsSender: false }, notice }
}

// Keeps the choices of an account, and for whom the form was opened, because its sender may have one.
function formAsSent(web: WebContext, request: FastifyRequest, params: Params): FilledForm {
  const options = accountOptions(web, undefined)
  const values = submittedValues(params, initialValues(web, request, options), options)
  return {
    options: withTyped(options, values),
    values,
    openedFor: params.text(OPENED_FOR_FIELD) ?? '',
  }
}

// Keeps everything until the sender decides.
function signedOutForm(
  web: WebContext,
  request: FastifyRequest,
  params: Params,
  change: AccountChange,
): FilledForm {
  return {
    ...formAsSent(web, request, params),
    required: web.policy.anonymousCreate ? 'sign in, or continue without an account' : 'sign in',
    notice: request.view.say(change === 'signed_out' ? 'create.signed_out' : 'error.not_authorized'),
  }
}

function initialValues({ policy }: WebContext, { host }: FastifyRequest, options: SenderOptions): FormValues {
  const arrivedOn = canonicalHost(host, new URL(policy.publicUrl).protocol)
  return emptyValues(options, policy.ttl.default, arrivedOn)
}

// The domain may be one of an account that is not signed in.
function withTyped(options: SenderOptions, { shareDomain }: FormValues): SenderOptions {
  return { ...options, domains: [...new Set([...options.domains, shareDomain])] }
}
