import { compare, differ, type Expected, type Findings, isFull, type Matcher, wantedOf } from './matcher.ts'

/** Matches what a test accepts. @param wanted What that is, for a person. */
export function such(wanted: string, accepts: (came: unknown) => boolean): Matcher {
  return {
    wanted,
    examine(came, at, findings) {
      if (!accepts(came)) differ(wanted, came, at, findings)
    },
  }
}

/** A text, maybe empty. */
export const text = such('a text', (came) => typeof came === 'string')
/** A text that is not empty. */
export const someText = such('a text that is not empty', (came) => typeof came === 'string' && came !== '')
/** A whole number that is not negative. */
export const whole = such('a whole number', isWhole)
/** A truth value. */
export const flag = such('true or false', (came) => typeof came === 'boolean')
/** A text or null. */
export const textOrNull = such('a text or null', (came) => came === null || typeof came === 'string')
/** A time as whole Unix seconds, not milliseconds. */
export const unixSeconds = such('whole Unix seconds', (came) => isWhole(came) && came > 1e9 && came < 1e11)
/** A field that is missing. */
export const absent = such('no such field', (came) => came === undefined)

/** Matches a number in a range, such as seconds that are left. */
export function within(low: number, high: number): Matcher {
  return such(`a whole number from ${low} to ${high}`, (came) => isWhole(came) && came >= low && came <= high)
}

/** Matches a text by its form. */
export function formed(wanted: string, pattern: RegExp): Matcher {
  return such(wanted, (came) => typeof came === 'string' && pattern.test(came))
}

/** Matches one of several texts. */
export function oneOf(...texts: readonly string[]): Matcher {
  const wanted = texts.map((one) => JSON.stringify(one)).join(' or ')
  return such(wanted, (came) => typeof came === 'string' && texts.includes(came))
}

/** Matches a key or a secret, which a difference does not show. @param name What it is, such as `the secret`. */
export function the(name: string, value: string): Matcher {
  return {
    wanted: name,
    examine(came, at, findings) {
      if (came === value) return
      const isText = typeof came === 'string'
      differ(name, came, at, isText ? { ...findings, show: () => 'another text' } : findings)
    },
  }
}

/** Matches a list of any length whose items all match. */
export function listOf(item: Expected): Matcher {
  return {
    wanted: `a list, each item ${wantedOf(item)}`,
    examine(came, at, findings) {
      if (!Array.isArray(came)) differ('a list', came, at, findings)
      else for (const [index, one] of came.entries()) compare(item, one, `${at}[${index}]`, findings)
    },
  }
}

/** Fields that an object may have too, because a known server sends them. */
export interface Tolerated {
  readonly fields: readonly string[]
  readonly note: string
}

/** Matches an object with these fields and no others, because strict clients reject others. */
export function exactly(
  fields: { readonly [field: string]: Expected },
  tolerated: Tolerated = { fields: [], note: '' },
): Matcher {
  return {
    wanted: `an object with ${Object.keys(fields).join(', ')}`,
    examine(came, at, findings) {
      compare(fields, came, at, findings)
      if (typeof came !== 'object' || came === null) return
      for (const [field, value] of Object.entries(came)) {
        if (isFull(findings)) return
        if (Object.hasOwn(fields, field)) continue
        if (tolerated.fields.includes(field)) addNote(tolerated.note, findings)
        else differ('no such field', value, `${at}.${nameOf(field, findings)}`, findings)
      }
    },
  }
}

/** Matches a field that may be missing. */
export function optional(expected: Expected): Matcher {
  return {
    wanted: `${wantedOf(expected)}, or no such field`,
    examine(came, at, findings) {
      if (came !== undefined) compare(expected, came, at, findings)
    },
  }
}

/**
 * Matches what the contract says, and also what a known server does instead.
 *
 * @param note Who does that.
 */
export function either(expected: Expected, other: Expected, note: string): Matcher {
  return {
    wanted: `${wantedOf(expected)} (or ${wantedOf(other)})`,
    examine(came, at, findings) {
      const first = { ...findings, differences: [], notes: [] }
      const second = { ...findings, differences: [], notes: [] }
      compare(expected, came, at, first)
      compare(other, came, at, second)
      if (first.differences.length === 0) findings.notes.push(...first.notes)
      else if (second.differences.length === 0) addNote(note, findings)
      else findings.differences.push(...first.differences)
    },
  }
}

// A server may give a field any name, such as a key, or lines that look like those of the report.
function nameOf(field: string, { show }: Findings): string {
  const shown = show(field)
  return /^"\w+"$/.test(shown) ? shown.slice(1, -1) : shown
}

function addNote(note: string, { notes }: Findings): void {
  if (!notes.includes(note)) notes.push(note)
}

function isWhole(came: unknown): came is number {
  return Number.isSafeInteger(came) && (came as number) >= 0
}
