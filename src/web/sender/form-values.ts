import type { Host } from '../../host.ts'
import { Params } from '../../http/params.ts'
import type { Seconds } from '../../time.ts'
import type { SenderOptions } from './options.ts'

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
}

/**
 * Returns the initial values of the form.
 *
 * @param ttl The selected lifetime.
 * @param host The host of the request, which is the selected domain if it is one of the options.
 */
export function emptyValues({ domains }: SenderOptions, ttl: Seconds, host: Host | undefined): FormValues {
  const shareDomain = domains.find((domain) => domain === host) ?? domains[0] ?? ''
  return { secret: '', passphrase: '', ttl, recipient: '', shareDomain, tellsSender: false }
}

/** Returns the submitted values, completed with those of `empty`. */
export function submittedValues(params: Params, empty: FormValues): FormValues {
  return {
    secret: typedSecret(params),
    passphrase: params.text('passphrase') ?? '',
    ttl: Number(params.text('ttl') ?? empty.ttl),
    recipient: params.list('recipient').join(', '),
    shareDomain: params.text('share_domain') ?? empty.shareDomain,
    tellsSender: tellsSender(params),
  }
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
