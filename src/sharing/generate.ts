import { customAlphabet } from 'nanoid'

const DEFAULT_LENGTH = 12
const MIN_LENGTH = 4
const MAX_LENGTH = 128
const WHOLE_NUMBER = /^\s*\d+\s*$/

// a–z A–Z 0–9 *$!?() without the lookalikes i l o 1 0. Source: docs/api/v1.md section 3.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ23456789*$!?()'

const randomText = customAlphabet(ALPHABET, DEFAULT_LENGTH)

/**
 * Generates a random value. A CSPRNG draws each character uniformly.
 *
 * @param requested The `length` parameter, clamped between 4 and 128; 12 when it is missing or not a whole number.
 */
export function generateValue(requested?: string): string {
  if (requested === undefined || !WHOLE_NUMBER.test(requested)) return randomText()
  return randomText(Math.min(Math.max(Number(requested), MIN_LENGTH), MAX_LENGTH))
}
