import { isEmailAddress } from '../accounts/email-address.ts'
import type { RateLimits } from '../limits/rates.ts'
import { milliseconds } from '../time.ts'
import { listOf, Rejection, type ValueType } from './values.ts'

/** A domain that links may be created on. */
export interface ShareDomain {
  /** Lower case, with a port where one was given. */
  readonly host: string
  /** The lower-case email addresses of the accounts that may use it, or `all`. */
  readonly accounts: readonly string[] | 'all'
}

/** 1,000 in 20 minutes for a client network, as the reference has; an account is known, so it may do more. */
export const DEFAULT_RATE_LIMITS =
  'create=1000/1200,reveal=1000/1200,account-create=10000/1200,account-reveal=10000/1200,sign-in=100/1200'

const FIELDS = new Map<string, keyof RateLimits>([
  ['create', 'create'],
  ['reveal', 'reveal'],
  ['account-create', 'accountCreate'],
  ['account-reveal', 'accountReveal'],
  ['sign-in', 'signIn'],
])

const limits = listOf(
  '',
  (text) => {
    const [, name = '', limit, seconds] = /^([a-z-]+)=([1-9]\d{0,8})\/([1-9]\d{0,5})$/.exec(text) ?? []
    const field = FIELDS.get(name)
    if (field === undefined) throw new Rejection()
    return [field, { limit: Number(limit), windowMs: milliseconds(Number(seconds) * 1000) }] as const
  },
  ['name', ([field]) => field],
)

/** `off` (undefined), or the rate limits; one that is not named keeps its default. */
export const rateLimits: ValueType<RateLimits | undefined> = {
  accepts:
    '`off`, or any of `create`, `reveal`, `account-create`, `account-reveal` and `sign-in` as `name=requests/seconds`, separated by commas',
  parse: (text) => {
    if (text === 'off') return undefined
    const entries = [...limits.parse(DEFAULT_RATE_LIMITS), ...limits.parse(text)]
    // The default names all of them, so none is missing.
    return Object.fromEntries(entries) as unknown as RateLimits
  },
}

/** Domains that links may be created on, and who may use each. */
export const shareDomains = listOf(
  '`domain` for everyone or `domain=email|email` for some accounts, separated by commas',
  (text): ShareDomain => {
    const [, domain = '', emails] = /^([^\s=/?#@\\]+)(?:=([^=]*))?$/.exec(text) ?? []
    const host = domain.toLowerCase()
    if (!URL.canParse(`http://${host}`) || new URL(`http://${host}`).host !== host) throw new Rejection()
    if (emails === undefined) return { host, accounts: 'all' }
    const allowed = emails.toLowerCase().split('|')
    if (!allowed.every(isEmailAddress))
      throw new Rejection('has an invalid email address after the equals sign')
    return { host, accounts: allowed }
  },
  ['domain', ({ host }) => host],
)
