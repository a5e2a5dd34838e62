import { Params } from '../../http/params.ts'
import type { Seconds } from '../../time.ts'
import type { SenderOptions } from './options.ts'

/** What the sender has filled in. */
export interface FormValues {
  readonly secret: string
  readonly passphrase: string
  /** Seconds. */
  readonly ttl: number
  /** Email addresses, as typed. */
  readonly recipient: string
  readonly shareDomain: string
}

/**
 * Returns the form before anything is filled in.
 *
 * @param ttl The lifetime that is selected.
 * @param host Where the form was opened: links are made on this domain, if it is one of the options.
 */
export function emptyValues({ domains }: SenderOptions, ttl: Seconds, host: string): FormValues {
  const shareDomain = domains.find((domain) => domain === host) ?? domains[0] ?? ''
  return { secret: '', passphrase: '', ttl, recipient: '', shareDomain }
}

/** Returns the form as it was submitted, with the fields of an empty one for those that are missing. */
export function submittedValues(params: Params, empty: FormValues): FormValues {
  return {
    secret: typedSecret(params),
    passphrase: params.text('passphrase') ?? '',
    ttl: Number(params.text('ttl') ?? empty.ttl),
    recipient: params.list('recipient').join(', '),
    shareDomain: params.text('share_domain') ?? empty.shareDomain,
  }
}

/** Returns the secret as it was typed: browsers send each of its line breaks as CR LF (HTML, "form submission"). */
export function typedSecret(params: Params): string {
  return (params.text('secret') ?? '').replaceAll('\r\n', '\n')
}

/** Returns the parameters with each email address apart; the form has one field for all. */
export function withRecipients(params: Params): Params {
  const values = params.list('recipient').flatMap((text) => text.split(/[,;\s]+/))
  return new Params(new Map([['recipient', { values, kind: 'list' }]])).withDefaults(params)
}
