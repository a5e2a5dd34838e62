// JSON may escape one byte of a secret as six. The rest is for the other parameters.
const ESCAPED_BYTES = 6
const OTHER_PARAMETERS_BYTES = 65_536

// A form may escape each byte of a text as three.
const FORM_ESCAPED_BYTES = 3

// A text of this size is too large for a secret, but comes back in its form: 1 MiB of UTF-8.
const MAX_RETURNED_BYTES = 1024 * 1024

/**
 * Returns the maximum size of a request body in bytes: room for any secret in any encoding.
 *
 * @param secretMaxBytes Maximum size of a secret.
 */
export function maxBodyBytes(secretMaxBytes: number): number {
  return secretMaxBytes * ESCAPED_BYTES + OTHER_PARAMETERS_BYTES
}

/**
 * Returns the maximum size in bytes of a form that comes back if it is too large: room for 1 MiB of text.
 *
 * @param secretMaxBytes Maximum size of a secret.
 */
export function maxReturnedFormBytes(secretMaxBytes: number): number {
  return Math.max(
    maxBodyBytes(secretMaxBytes),
    MAX_RETURNED_BYTES * FORM_ESCAPED_BYTES + OTHER_PARAMETERS_BYTES,
  )
}
