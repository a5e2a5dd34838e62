import type { TestControls } from './controls.ts'
import { type Fault, TestInputError } from './fault.ts'

const MAXIMUM_FAULTS = 1000

/** Answers a call of the control API, with nothing or an object. @throws TestInputError. */
export type ControlHandler = (body: unknown) => unknown

/**
 * Returns the endpoints of the control API, by method and path. Source: docs/testing.md.
 *
 * @param controls What they see and change.
 */
export function controlRoutes(controls: TestControls): ReadonlyMap<string, ControlHandler> {
  const { clock, emails, requests, faults } = controls
  const time = () => ({ now: clock.now() })
  const left = () => ({ faults: faults.list() })
  return new Map<string, ControlHandler>([
    ['GET /clock', time],
    [
      'POST /clock',
      (body) => {
        clock.advance(fieldsOf(body, ['advance'])['advance'] as number)
        return time()
      },
    ],
    ['GET /emails', () => ({ emails: emails.list() })],
    ['DELETE /emails', () => emails.clear()],
    ['GET /requests', () => ({ requests: requests.list() })],
    ['DELETE /requests', () => requests.clear()],
    ['GET /faults', left],
    [
      'POST /faults',
      (body) => {
        const added = (Array.isArray(body) ? body : [body]) as Fault[]
        if (added.length > MAXIMUM_FAULTS)
          throw new TestInputError(`a call adds at most ${MAXIMUM_FAULTS} faults; see times`)
        faults.add(...added)
        return left()
      },
    ],
    ['DELETE /faults', () => faults.clear()],
    ['GET /held', () => faults.held()],
    ['POST /release', () => ({ released: faults.release() })],
    ['POST /reset', () => controls.reset()],
  ])
}

/** Returns the fields of a body. @throws TestInputError that lists them when there is another one. */
function fieldsOf(body: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  const unknown = isObject ? Object.keys(body).find((name) => !names.includes(name)) : undefined
  if (!isObject || unknown !== undefined) {
    const wrong = unknown === undefined ? 'the body is no object' : `unknown field ${JSON.stringify(unknown)}`
    throw new TestInputError(`${wrong}; there is ${names.join(', ')}`)
  }
  return body as Readonly<Record<string, unknown>>
}
