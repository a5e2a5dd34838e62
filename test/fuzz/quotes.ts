import { strict as assert } from 'node:assert'

// Long words with digits, of which our messages have none.
const LIKE_SECRET = /(?=[a-z]*\d)[a-z\d]{12,}/gi

/**
 * Asserts that a message quotes nothing of a text that could be a secret.
 *
 * @param others What may be quoted.
 */
export function assertQuotesNone(message: string, text: string, others = ''): void {
  for (const [word] of text.matchAll(LIKE_SECRET))
    assert.ok(!message.includes(word) || others.includes(word), `a message quotes ${word}`)
}
