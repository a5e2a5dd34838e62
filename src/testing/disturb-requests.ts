import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import fp from 'fastify-plugin'
import { DomainError } from '../errors.ts'
import type { FaultScript, Happening } from './fault-script.ts'
import type { HeldRequests } from './held-requests.ts'
import { operationOf } from './operations.ts'
import { recordAnswer, recordFault } from './record-requests.ts'

const ASKED_FOR = 'a test asked for this fault'

/** What disturbs requests. */
export interface DisturbOptions {
  readonly script: FaultScript
  readonly held: HeldRequests
}

/**
 * Lets the faults of a script happen to requests, right before the handler, where a caller has authenticated and the body is
 * read, or right before the answer is sent. It must be registered before any route.
 */
export const disturbRequests = fp(
  async (app: FastifyInstance, { script, held }: DisturbOptions) => {
    const answers = new WeakMap<FastifyRequest, Happening>()

    app.addHook('onRoute', (route) => {
      const { url, handler } = route
      route.handler = function (request, reply) {
        const happening = script.next(operationOf(request.method, url))
        if (happening === undefined) return handler.call(this, request, reply)
        recordFault(request, happening.fault)
        return disturb(happening, request, reply, () => handler.call(this, request, reply))
      }
    })

    app.addHook('onSend', async (request, reply) => {
      const happening = answers.get(request)
      const { socket } = request.raw
      if (happening?.fault === 'cut-after') socket.destroy()
      if (happening?.fault === 'late') await held.hold(socket, happening.milliseconds)
      recordAnswer(request, socket.destroyed ? null : reply.statusCode)
    })

    async function disturb(
      happening: Happening,
      request: FastifyRequest,
      reply: FastifyReply,
      handle: () => ReturnType<RouteHandlerMethod>,
    ): Promise<unknown> {
      const { socket } = request.raw
      switch (happening.fault) {
        case 'answer-429':
        case 'rate-limit':
          throw new DomainError('rate_limited', { retryAfter: happening.retryAfter })
        case 'answer-503':
          throw new DomainError('store_unavailable', { cause: new Error(ASKED_FOR) })
        case 'answer-500':
          throw new Error(ASKED_FOR)
        case 'cut-before':
          socket.destroy()
          return reply.hijack()
        case 'hang':
          return (await held.hold(socket, undefined)) === 'released' ? handle() : reply.hijack()
        case 'cut-after':
        case 'late':
          answers.set(request, happening)
          return handle()
      }
    }
  },
  { name: 'disturb-requests', dependencies: ['record-requests'] },
)
