/** Something that the server did otherwise than expected. Neither text has keys, secrets or tokens. */
export interface Difference {
  /** The request and the part of its response: `POST /api/v1/share: body.ttl`. */
  readonly at: string
  readonly expected: string
  readonly came: string
}

/** What a comparison found. */
export interface Findings {
  readonly differences: Difference[]
  readonly notes: string[]
  /** Writes a value that came, without keys, secrets and tokens. */
  readonly show: (value: unknown) => string
}

/** An expectation of a value that is more than equality. */
export interface Matcher {
  /** What it expects, for a person. */
  readonly wanted: string
  /** Compares a value with it, and adds what it finds. */
  readonly examine: (came: unknown, at: string, findings: Findings) => void
}

/** An expected value: objects match if they have these fields, and whatever others; arrays match item by item. */
export type Expected = Matcher | string | number | boolean | null | readonly Expected[] | Fields

/** The expected fields of an object. */
export interface Fields {
  readonly [field: string]: Expected
}

/** Nobody reads more of one check, and a server may send any number of items. */
const MAXIMUM_DIFFERENCES = 50

/** Compares a value with what is expected, and adds each difference. */
export function compare(expected: Expected, came: unknown, at: string, findings: Findings): void {
  if (isMatcher(expected)) expected.examine(came, at, findings)
  else if (typeof expected !== 'object' || expected === null) {
    if (came !== expected) differ(JSON.stringify(expected), came, at, findings)
  } else if (Array.isArray(expected)) compareLists(expected, came, at, findings)
  else compareFields(expected as Fields, came, at, findings)
}

/** Adds a difference, unless there are very many. @param expected For a person. */
export function differ(expected: string, came: unknown, at: string, { differences, show }: Findings): void {
  if (differences.length < MAXIMUM_DIFFERENCES) differences.push({ at, expected, came: show(came) })
  else if (differences.length === MAXIMUM_DIFFERENCES) {
    differences.push({ at, expected, came: 'more differences than are listed here' })
  }
}

/** Whether no more differences are added. */
export function isFull({ differences }: Findings): boolean {
  return differences.length > MAXIMUM_DIFFERENCES
}

/** Returns what is expected, for a person. */
export function wantedOf(expected: Expected): string {
  if (isMatcher(expected)) return expected.wanted
  return typeof expected === 'object' && expected !== null ? 'an object' : JSON.stringify(expected)
}

function compareFields(expected: Fields, came: unknown, at: string, findings: Findings): void {
  const isObject = typeof came === 'object' && came !== null && !Array.isArray(came)
  if (!isObject) differ('an object', came, at, findings)
  for (const [field, value] of isObject ? Object.entries(expected) : []) {
    compare(value, (came as Record<string, unknown>)[field], `${at}.${field}`, findings)
  }
}

function compareLists(expected: readonly Expected[], came: unknown, at: string, findings: Findings): void {
  if (!Array.isArray(came) || came.length !== expected.length) {
    differ(`a list of ${expected.length}`, came, at, findings)
  } else {
    for (const [index, item] of expected.entries()) compare(item, came[index], `${at}[${index}]`, findings)
  }
}

function isMatcher(expected: Expected): expected is Matcher {
  return typeof expected === 'object' && expected !== null && 'examine' in expected
}
