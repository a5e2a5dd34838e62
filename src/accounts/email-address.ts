const MAX_LENGTH = 254

// An addr-spec of RFC 5322 without quoting, comments or address literals, on a domain with a dot and no number for
// its last label. Nothing in it can end a header, a list entry or an email's list of recipients.
const ADDRESS =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}]$/u

/** Whether a text is one plain email address. The only grammar of an address in the project. */
export function isEmailAddress(text: string): boolean {
  return text.length <= MAX_LENGTH && ADDRESS.test(text)
}

/** Returns an email address in the form in which accounts are compared. */
export function canonicalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}
