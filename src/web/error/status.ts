/** The status for an invalid CSRF token. */
export const FORBIDDEN = 403

/** The status for a form that no longer suits the account that sent it. */
export const CONFLICT = 409

/** The status for an error that nobody expected. */
export const INTERNAL_ERROR = 500
