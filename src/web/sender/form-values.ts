import type { Host } from '../../host.ts'
import { Params } from '../../http/params.ts'
import type { Seconds } from '../../time.ts'
import type { SenderOptions } from './options.ts'
import { type PasswordChoices, passwordChoices, usualChoices } from './password-choices.ts'

/** The values in the form. */
export interface FormValues {
  readonly secret: string
  readonly passphrase: string
  /** Seconds. */
  readonly ttl: number
  /** Email addresses, as typed by the sender. */
  readonly recipient: string
  readonly shareDomain: string
  /** Whether the recipient is told who sent the secret. */
  readonly tellsSender: boolean
  readonly password: PasswordChoices
}

/**
 * Returns the initial values of the form.
 *
 * @param ttl The selected lifetime.
 * @param host The host of the request, which is the selected domain if it is one of the options.
 */
export function emptyValues({ domains }: SenderOptions, ttl: Seconds, host: Host | undefined): FormValues {
  const shareDomain = domains.find((domain) => domain === host) ?? domains[0] ?? ''
  return {
    secret: '',
    passphrase: '',
    ttl,
    recipient: '',
    shareDomain,
    tellsSender: false,
    password: usualChoices(),
  }
}

/** Returns the submitted values, completed with those of `empty`. The ttl becomes the closest one that is offered. */
export function submittedValues(params: Params, empty: FormValues, { lifetimes }: SenderOptions): FormValues {
  const ttl = Number(params.text('ttl') ?? empty.ttl)
  return {
    secret: typedSecret(params),
    passphrase: params.text('passphrase') ?? '',
    ttl: lifetimes.findLast((lifetime) => lifetime <= ttl) ?? empty.ttl,
    recipient: params.list('recipient').join(', '),
    shareDomain: params.text('share_domain') ?? empty.shareDomain,
    tellsSender: tellsSender(params),
    password: passwordChoices(params),
  }
}

/** Tells whether a form holds nothing that its sender would miss. */
export function isUntouched(values: FormValues, empty: FormValues): boolean {
  const { secret, passphrase, recipient, ttl, shareDomain } = values
  return secret + passphrase + recipient === '' && ttl === empty.ttl && shareDomain === empty.shareDomain
}

/** Returns the secret as typed. Browsers send its line breaks as CR LF (HTML, "form submission"). */
export function typedSecret(params: Params): string {
  return (params.text('secret') ?? '').replaceAll('\r\n', '\n')
}

/** Tells whether the sender chose to tell the recipient who sent the secret. */
export function tellsSender(params: Params): boolean {
  return params.text('tell_sender') !== undefined
}

/** Splits the email addresses, for which the form has one field, into separate values. */
export function withRecipients(params: Params): Params {
  const values = params.list('recipient').flatMap((text) => text.split(/[,;\s]+/))
  return new Params(new Map([['recipient', { values, kind: 'list' }]])).withDefaults(params)
}
