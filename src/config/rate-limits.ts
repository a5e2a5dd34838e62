import { RATE_LIMIT_NAMES, type RateLimits } from '../limits/rates.ts'
import { milliseconds } from '../time.ts'
import { listOf, Rejection, type ValueType } from './value-types.ts'

/**
 * 1,000 in 20 minutes for a client network, as in the original server; an account is identified, so it may do more.
 * Receipts are polled, and one client views each receipt of a recent list, which has up to 1,000: so ten times as many.
 */
export const DEFAULT_RATE_LIMITS = [
  'create=1000/1200,reveal=1000/1200,receipt=10000/1200',
  'account-create=10000/1200,account-reveal=10000/1200,account-receipt=100000/1200',
  'sign-in=100/1200,wrong-token=100/1200,unreadable-body=200/1200',
].join(',')

const FIELDS = new Map(
  Object.entries(RATE_LIMIT_NAMES).map(([field, name]) => [name, field as keyof RateLimits]),
)

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

/** `off` (undefined), or the rate limits; those not named keep their defaults. */
export const rateLimits: ValueType<RateLimits | undefined> = {
  accepts:
    '`off`, or any of `create`, `reveal`, `receipt`, `account-create`, `account-reveal`, `account-receipt`, `sign-in`, `wrong-token` and `unreadable-body` as `name=requests/seconds`, separated by commas',
  parse: (text) => {
    if (text === 'off') return undefined
    const entries = [...limits.parse(DEFAULT_RATE_LIMITS), ...limits.parse(text)]
    // Complete, because the default names every limit.
    return Object.fromEntries(entries) as unknown as RateLimits
  },
}
