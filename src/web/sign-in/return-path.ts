/** The name of the parameter with the path that a sign-in leads back to. */
export const RETURN_FIELD = 'return'

/** The path that a sign-in leads to by default. */
export const START_PATH = '/'

// Browsers take a second slash for the start of a host, and a backslash for a slash. They drop tabs and line breaks.
const PATH = /^\/(?![/\\])[!-~]*$/
const MAX_LENGTH = 2048

/**
 * Parses the path that a sign-in leads back to, so that it never leads to another site.
 *
 * @param text From a client; a path with its query string, below the base path.
 * @returns The start page for anything else.
 */
export function parseReturnPath(text: string | undefined): string {
  return text !== undefined && text.length <= MAX_LENGTH && PATH.test(text) ? text : START_PATH
}

/** Returns the path of the sign-in page, below the base path, that leads back to a path. */
export function signInPath(returnPath: string): string {
  if (returnPath === START_PATH) return '/signin'
  return `/signin?${new URLSearchParams({ [RETURN_FIELD]: returnPath })}`
}
