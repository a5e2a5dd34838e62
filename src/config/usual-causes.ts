// How people write durations and sizes that a setting takes as a bare number.
const WITH_UNIT =
  /^\d+(\.\d+)?\s*(ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?|months?|y|years?|[kmg]i?b?|bytes?)$/i
const PLACEHOLDER = /\$\{\w+\}|\$\(\w+\)|\{\{.*\}\}|<[a-z][\w -]*>/i

/**
 * Names the usual cause for a rejected setting, as far as its text shows one. Quotes no part of the text, which may be a
 * password.
 */
export function usualCauseOf(text: string): string | undefined {
  if (isQuoted(text))
    return 'the quotes around it are part of the value, as `docker run --env-file` leaves them'
  if (text !== text.trim()) return 'it begins or ends with a blank or a line break'
  if (PLACEHOLDER.test(text)) return 'it contains a placeholder that was not filled in'
  if (WITH_UNIT.test(text)) return 'write the number without a unit'
  if (hasUnescaped(text)) {
    return 'in a user or password, `#` must be written as `%23`, `/` as `%2F`, `?` as `%3F`, `@` as `%40`, `:` as `%3A` and `%` as `%25`'
  }
  return undefined
}

/** Tells whether quotes around a value were not removed. No setting takes such a value. */
export function isQuoted(text: string): boolean {
  return /^(["'`]).*\1$/s.test(text)
}

/** Tells whether the part of a URL before the last `@` contains a character that may end it too early. */
function hasUnescaped(url: string): boolean {
  const [, credentials] = /^[a-z][a-z+.-]*:\/\/(.*)@/is.exec(url) ?? []
  if (credentials === undefined) return false
  const password = credentials.replace(/^[^:]*:/, '')
  return /[#/?@\\\s]|%(?![\da-f]{2})/i.test(credentials) || password.includes(':')
}
