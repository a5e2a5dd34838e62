import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'

const UNKNOWN_VERSION = {
  error: 'Not Found',
  error_type: 'NotFound',
  message: 'This server has the API versions v1, v2 and v3',
}

/** Answers what is below `/api/` and belongs to no version. Nothing there answers with a page. */
export const unknownVersion: FastifyPluginAsync = async (app) => {
  app.setErrorHandler(answerUnknownVersion)
  app.setNotFoundHandler((request, reply) => answerUnknownVersion(undefined, request, reply))
}

/** Responds to a request for a version that does not exist. */
export function answerUnknownVersion(_error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  reply.code(404).send(UNKNOWN_VERSION)
}
