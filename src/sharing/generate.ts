import { customAlphabet } from 'nanoid'
import { DomainError } from '../errors.ts'

const DEFAULT_LENGTH = 12
const MIN_LENGTH = 4
const MAX_LENGTH = 128
const WHOLE_NUMBER = /^\s*\d+\s*$/

/** The sets of characters that a generated value is drawn from. */
export const CHARACTERS = {
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  numbers: '0123456789',
  symbols: '*$!?()',
} as const

/** The characters that are easily taken for one another. */
export const LOOKALIKES = 'ilIoO01'

const AMBIGUOUS = new RegExp(`[${LOOKALIKES}]`, 'g')

// a–z A–Z 0–9 *$!?() without the lookalikes i l o 1 0. Source: docs/api/v1.md section 3.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ23456789*$!?()'

const randomText = customAlphabet(ALPHABET, DEFAULT_LENGTH)

/** Which characters a generated value is made of. */
export interface CharacterSets {
  readonly uppercase: boolean
  readonly lowercase: boolean
  readonly numbers: boolean
  readonly symbols: boolean
  /** Leaves out `LOOKALIKES`. */
  readonly excludeAmbiguous: boolean
}

/**
 * Generates a random value. A CSPRNG draws each character uniformly.
 *
 * @param requested The `length` parameter, clamped between 4 and 128; 12 when it is missing or not a whole number.
 */
export function generateValue(requested?: string): string {
  if (requested === undefined || !WHOLE_NUMBER.test(requested)) return randomText()
  return randomText(Math.min(Math.max(Number(requested), MIN_LENGTH), MAX_LENGTH))
}

/**
 * Generates a random value for v2. A CSPRNG draws it uniformly from all values with at least one character of each chosen set.
 * Source: docs/api/v2.md section 3.
 *
 * @param requested The `length` parameter: 4 to 128; 12 when it is missing.
 * @param sets Undefined for the alphabet of `generateValue`, as one set.
 * @throws DomainError `invalid_length`; `malformed_parameter` when no set is chosen.
 */
export function generateFromSets(requested: string | undefined, sets: CharacterSets | undefined): string {
  const length = parseLength(requested)
  if (sets === undefined) return randomText(length)
  const chosen = chosenSets(sets)
  if (chosen.length === 0) throw new DomainError('malformed_parameter', { subject: 'character_sets' })
  const draw = customAlphabet(chosen.join(''), length)
  // Drawing again keeps the distribution uniform. Four characters of four sets take about 20 draws.
  let value: string
  do value = draw()
  while (!chosen.every((characters) => Array.from(characters).some((one) => value.includes(one))))
  return value
}

function parseLength(requested: string | undefined): number {
  if (requested === undefined || requested.trim() === '') return DEFAULT_LENGTH
  const length = WHOLE_NUMBER.test(requested) ? Number(requested) : Number.NaN
  if (!(length >= MIN_LENGTH))
    throw new DomainError('invalid_length', { limit: MIN_LENGTH, bound: 'minimum' })
  if (length > MAX_LENGTH) throw new DomainError('invalid_length', { limit: MAX_LENGTH, bound: 'maximum' })
  return length
}

function chosenSets({ uppercase, lowercase, numbers, symbols, excludeAmbiguous }: CharacterSets): string[] {
  const chosen = [
    uppercase ? CHARACTERS.uppercase : '',
    lowercase ? CHARACTERS.lowercase : '',
    numbers ? CHARACTERS.numbers : '',
    symbols ? CHARACTERS.symbols : '',
  ]
  const distinct = excludeAmbiguous ? chosen.map((characters) => characters.replace(AMBIGUOUS, '')) : chosen
  return distinct.filter((characters) => characters !== '')
}
