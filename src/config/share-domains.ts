import { canonicalEmail, isEmailAddress } from '../accounts/email-address.ts'
import { listOf, Rejection } from './value-types.ts'

/** A domain that links may be created on. */
export interface ShareDomain {
  /** Lower case, with a port where one was given. */
  readonly host: string
  /** The lower-case email addresses of the accounts that may use it, or `all`. */
  readonly accounts: readonly string[] | 'all'
}

/** Domains that links may be created on, and who may use each. */
export const shareDomains = listOf(
  '`domain` for everyone or `domain=email|email` for some accounts, separated by commas',
  (text): ShareDomain => {
    const [, domain = '', emails] = /^([^\s=/?#@\\]+)(?:=([^=]*))?$/.exec(text) ?? []
    const host = domain.toLowerCase()
    if (!URL.canParse(`http://${host}`) || new URL(`http://${host}`).host !== host) throw new Rejection()
    if (emails === undefined) return { host, accounts: 'all' }
    const allowed = emails.split('|').map(canonicalEmail)
    if (!allowed.every(isEmailAddress))
      throw new Rejection('has an invalid email address after the equals sign')
    return { host, accounts: allowed }
  },
  ['domain', ({ host }) => host],
)
