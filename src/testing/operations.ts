/** What requests are for, as faults and the journal name it. `other` is everything else, such as assets. */
export const OPERATIONS = [
  'create',
  'reveal',
  'burn',
  'look',
  'receipt',
  'recent',
  'status',
  'account',
  'other',
] as const

/** What a request is for. */
export type Operation = (typeof OPERATIONS)[number]

// The first match wins. A page and an endpoint that do the same have the same operation.
const PATTERNS: readonly (readonly [route: RegExp, operation: Operation])[] = [
  [/^POST (\/|.*\/(share|create|generate|conceal))$/, 'create'],
  [/^POST .*\/burn$/, 'burn'],
  [/^POST .*\/secret\/:\w+(\/reveal)?$/, 'reveal'],
  [/^(GET|HEAD) .*\/secret\/:\w+(\/status)?$|^POST .*\/secret\/status$/, 'look'],
  [/\/recent$/, 'recent'],
  [/\/(private|metadata|receipt)\/:|\/receipts$|\/sent$/, 'receipt'],
  [/ .*\/(status|authcheck|version|supported-locales)$/, 'status'],
  [/ \/(signin|signout|account(\/.*)?)$/, 'account'],
]

/**
 * Returns what requests to a route are for.
 *
 * @param pattern The pattern of the route, below the base path.
 */
export function operationOf(method: string, pattern: string): Operation {
  const route = `${method} ${pattern}`
  return PATTERNS.find(([known]) => known.test(route))?.[1] ?? 'other'
}
