import { OPERATIONS, type Operation } from './operations.ts'

/** What each fault does. Source: docs/testing.md. */
export const FAULTS = {
  'answer-429': 'answers 429 with Retry-After; nothing is changed',
  'answer-500': 'answers 500; nothing is changed',
  'answer-503': 'answers 503 with Retry-After; nothing is changed',
  'rate-limit': 'answers 429 until the clock has moved on by `seconds`',
  hang: 'does not process the request until it is released',
  'cut-before': 'closes the connection instead of processing the request',
  'cut-after': 'processes the request, then closes the connection without an answer',
  late: 'processes the request, and holds the answer for `milliseconds`, or until it is released',
  'store-away': 'the store cannot be reached, and the server is not ready, until the faults are cleared',
} as const

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS

/** A fault that a test asks for. */
export interface Fault {
  readonly fault: FaultName
  /** The requests that it affects; `any`, the default, is all but `other`. Not for `store-away`. */
  readonly operation?: Operation | 'any'
  /** How many requests it affects: 1 by default. Not for `rate-limit` and `store-away`. */
  readonly times?: number | 'always'
  /** For `answer-429`, which says 60 by default in Retry-After, and `rate-limit`, which lasts 1200 by default. */
  readonly seconds?: number
  /** For `late`. */
  readonly milliseconds?: number
}

/** Input of a test that makes no sense. The message says what would. */
export class TestInputError extends Error {
  override readonly name = 'TestInputError'
}

// A timer of Node.js holds no more.
const MAXIMUM = 2 ** 31 - 1

const AFFECTABLE = [...OPERATIONS, 'any'] as const
const LASTING: readonly FaultName[] = ['rate-limit', 'store-away']
const FIELDS = {
  fault: Object.keys(FAULTS) as FaultName[],
  operation: (Object.keys(FAULTS) as FaultName[]).filter((name) => name !== 'store-away'),
  times: (Object.keys(FAULTS) as FaultName[]).filter((name) => !LASTING.includes(name)),
  seconds: ['answer-429', 'rate-limit'],
  milliseconds: ['late'],
} satisfies Record<keyof Fault, readonly FaultName[]>

/**
 * Checks a fault that a test asks for.
 *
 * @throws TestInputError that lists what there is.
 */
export function checkFault(given: unknown): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TestInputError(`a fault is an object with ${listOf(Object.keys(FIELDS))}`)
  const { fault, operation, times, seconds, milliseconds } = given as Readonly<Record<string, unknown>>
  assertOneOf('fault', fault, Object.keys(FAULTS))
  for (const field of Object.keys(given)) assertField(fault as FaultName, field)
  if (operation !== undefined) assertOneOf('operation', operation, AFFECTABLE)
  if (times !== undefined && times !== 'always') assertWhole('times', times, 1)
  if (seconds !== undefined) assertWhole('seconds', seconds, 1)
  if (milliseconds !== undefined) assertWhole('milliseconds', milliseconds, 0)
}

function assertField(fault: FaultName, field: string): void {
  if (!Object.hasOwn(FIELDS, field))
    throw new TestInputError(
      `unknown field ${JSON.stringify(field)}; there are ${listOf(Object.keys(FIELDS))}`,
    )
  const faults: readonly FaultName[] = FIELDS[field as keyof Fault]
  if (!faults.includes(fault))
    throw new TestInputError(`${field} is not for ${fault}, only for ${listOf(faults)}`)
}

function assertOneOf(field: string, value: unknown, known: readonly string[]): void {
  if (typeof value === 'string' && known.includes(value)) return
  const found = value === undefined ? `missing ${field}` : `unknown ${field} ${JSON.stringify(value)}`
  throw new TestInputError(`${found}; there are ${listOf(known)}`)
}

function assertWhole(field: string, value: unknown, minimum: number): void {
  if (Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= MAXIMUM) return
  const always = field === 'times' ? ' or "always"' : ''
  throw new TestInputError(`${field} takes a whole number from ${minimum} to ${MAXIMUM}${always}`)
}

function listOf(words: readonly string[]): string {
  return words.join(', ')
}
