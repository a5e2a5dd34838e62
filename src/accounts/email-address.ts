const MAX_LENGTH = 254

// An addr-spec of RFC 5322 without quoting, comments or address literals. The domain has a dot, and its last label is not
// a number. No accepted character can end a header, a list entry or an email's list of recipients.
const ADDRESS =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}]$/u

/** Tells whether a text is exactly one plain email address. Every address in the project is checked here. */
export function isEmailAddress(text: string): boolean {
  return text.length <= MAX_LENGTH && ADDRESS.test(text)
}

/** Normalises an email address, so that accounts can be compared: trimmed, NFC, lower case. */
export function canonicalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}
