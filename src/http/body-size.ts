// JSON may escape one byte of a secret as six. The rest is for the other parameters.
const ESCAPED_BYTES = 6
const OTHER_PARAMETERS_BYTES = 65_536

/**
 * Returns the maximum size of a request body in bytes: room for any secret in any encoding.
 *
 * @param secretMaxBytes Maximum size of a secret.
 */
export function maxBodyBytes(secretMaxBytes: number): number {
  return secretMaxBytes * ESCAPED_BYTES + OTHER_PARAMETERS_BYTES
}
