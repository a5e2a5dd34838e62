import { isEmail } from './credentials.ts'
import { listOf, Refusal, type ValueType } from './values.ts'

/** At most `limit` requests in `windowMs` milliseconds. */
export interface RequestBudget {
  readonly limit: number
  readonly windowMs: number
}

/** Budgets of one client address, and of one account. */
export interface RateLimits {
  readonly create: RequestBudget
  readonly reveal: RequestBudget
  readonly accountCreate: RequestBudget
  readonly accountReveal: RequestBudget
}

/** A domain that links may be made on. */
export interface ShareDomain {
  /** Lower case, with a port where one was given. */
  readonly host: string
  /** The lower-case e-mail addresses of those who may use it, or `all`. */
  readonly accounts: readonly string[] | 'all'
}

const MINUTES_20 = 20 * 60 * 1000

const BUDGETS = {
  create: 'create',
  reveal: 'reveal',
  'account-create': 'accountCreate',
  'account-reveal': 'accountReveal',
} as const satisfies Record<string, keyof RateLimits>

/** The reference's 1,000 in 20 minutes for an address; an account is known, so it may do more. */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  create: { limit: 1000, windowMs: MINUTES_20 },
  reveal: { limit: 1000, windowMs: MINUTES_20 },
  accountCreate: { limit: 10_000, windowMs: MINUTES_20 },
  accountReveal: { limit: 10_000, windowMs: MINUTES_20 },
}

const budgetList = listOf(
  '',
  (text) => {
    const [, name = '', limit, seconds] = /^([a-z-]+)=([1-9]\d{0,8})\/([1-9]\d{0,5})$/.exec(text) ?? []
    if (!(name in BUDGETS)) throw new Refusal()
    return {
      name: BUDGETS[name as keyof typeof BUDGETS],
      budget: { limit: Number(limit), windowMs: Number(seconds) * 1000 },
    }
  },
  ['name', ({ name }) => name],
)

/** `off` (undefined), or the budgets; one that is not named keeps its default. */
export const rateLimits: ValueType<RateLimits | undefined> = {
  accepts:
    '`off`, or any of `create` `reveal` `account-create` `account-reveal` as `name=requests/seconds`, separated by commas',
  parse: (text) => {
    if (text === 'off') return undefined
    const given = budgetList.parse(text).map(({ name, budget }) => [name, budget] as const)
    return { ...DEFAULT_RATE_LIMITS, ...Object.fromEntries(given) }
  },
}

/** Domains that links may be made on, and who may use each. */
export const shareDomains = listOf(
  '`domain` for all accounts or `domain=email|email` for some, separated by commas',
  (text): ShareDomain => {
    const [domain = '', emails] = text.split('=', 2)
    if (!/^[^\s/?#@\\]+$/.test(domain) || !URL.canParse(`http://${domain}`)) throw new Refusal()
    const { host } = new URL(`http://${domain}`)
    if (emails === undefined) return { host, accounts: 'all' }
    const allowed = emails.toLowerCase().split('|')
    if (!allowed.every(isEmail))
      throw new Refusal('has something else than e-mail addresses after the equals sign')
    return { host, accounts: allowed }
  },
  ['domain', ({ host }) => host],
)
