// What the routes of every version say about themselves, for the OpenAPI documents only: it validates nothing.

declare module 'fastify' {
  interface FastifySchema {
    summary?: string
    description?: string
    /** Omits an alias of another route from the OpenAPI document. */
    hide?: boolean
    /** Accepted content types of the body. */
    consumes?: readonly string[]
    /** Alternative ways to authenticate; an empty object allows anonymous callers. */
    security?: readonly Readonly<Record<string, readonly string[]>>[]
  }
}

/** Marks a route for callers with or without an account. */
export const anyone = { security: [{}, { account: [] }] }
/** Marks a route that requires an account. */
export const accountsOnly = { security: [{ account: [] }] }

/** The content types of every body with parameters. */
export const FORMS = ['application/x-www-form-urlencoded', 'multipart/form-data', 'application/json'] as const
