import type { Params } from '../../http/params.ts'
import { generateFromSets } from '../../sharing/generate.ts'

/** The lengths that the form offers, in characters. */
export const PASSWORD_LENGTHS = [8, 12, 16, 20, 24, 32, 48, 64, 128]

const DEFAULT_LENGTH = 16

/** The sets of characters that the form offers. */
export const CHARACTER_SETS = ['lowercase', 'uppercase', 'numbers', 'symbols'] as const

/** What can be chosen about the characters of a generated password. */
export type CharacterChoice = (typeof CHARACTER_SETS)[number] | 'unambiguous'

/** How the form generates a password. */
export interface PasswordChoices {
  readonly length: number
  readonly characters: ReadonlySet<string>
}

/** Tells whether the choices leave any characters to draw from. */
export function hasCharacters({ characters }: PasswordChoices): boolean {
  return CHARACTER_SETS.some((set) => characters.has(set))
}

/** Returns the choices of a form; the usual ones if it has none. */
export function passwordChoices(params: Params): PasswordChoices {
  const length = params.text('password_length')
  if (length === undefined) return usualChoices()
  return { length: Number(length), characters: new Set(params.list('password_characters')) }
}

/** Returns the choices of an empty form. */
export function usualChoices(): PasswordChoices {
  return { length: DEFAULT_LENGTH, characters: new Set([...CHARACTER_SETS, 'unambiguous']) }
}

/**
 * Generates a password and puts it into a text: alone into an empty one, otherwise after it, on a line of its own unless the
 * text ends with a blank.
 *
 * @throws DomainError `malformed_parameter` when no characters are chosen, `invalid_length`.
 */
export function insertPassword(text: string, { length, characters }: PasswordChoices): string {
  const password = generateFromSets(String(length), {
    lowercase: characters.has('lowercase'),
    uppercase: characters.has('uppercase'),
    numbers: characters.has('numbers'),
    symbols: characters.has('symbols'),
    excludeAmbiguous: characters.has('unambiguous'),
  })
  const separator = text === '' || /\s$/.test(text) ? '' : '\n'
  return `${text}${separator}${password}`
}
