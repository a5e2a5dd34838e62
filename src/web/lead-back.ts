import type { FastifyInstance } from 'fastify'

/**
 * Registers the paths that only receive forms for GET: reloading after a form, the error page of a rejected one, and a sign-in
 * before it lead there, and from there to the page of the form.
 *
 * @param page The path of that page, with the base path.
 */
export function leadBack(app: FastifyInstance, paths: readonly string[], page: string): void {
  for (const url of paths) {
    app.route({
      method: ['GET', 'HEAD'],
      url,
      config: { rateLimit: 'none' },
      handler: async (_request, reply) => reply.redirect(page, 303),
    })
  }
}
