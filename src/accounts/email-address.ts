const MAX_LENGTH = 254

// An addr-spec of RFC 5322 without quoting, comments or address literals, in any script (RFC 6531). The domain has a dot, and its
// last label is not a number. No accepted character can end a header, a list entry or an email's list of recipients. Marks are
// the vowels of Indian scripts, for instance, and what İ leaves in lower case.
const ADDRESS =
  /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+\p{L}[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}]$/u

/** Tells whether a text is exactly one plain email address. Every address in the project is checked here. */
export function isEmailAddress(text: string): boolean {
  if (text.length > MAX_LENGTH || !ADDRESS.test(text)) return false
  // A mark that belongs to its letter makes another address of it, to a mail server.
  return !/\p{M}/u.test(text) || text.normalize('NFC') === text
}

/**
 * Normalises an email address, so that accounts can be compared: trimmed, NFC, lower case. The dot that İ leaves in lower case
 * may have to change places with a mark behind it.
 */
export function canonicalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase().normalize('NFC')
}
