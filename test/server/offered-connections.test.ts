import type { Worker } from 'node:cluster'
import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { closeOfferedConnections } from '../../src/server/offered-connections.ts'

/** Starts to follow a worker of which only the messages exist. */
function followed() {
  const sent = vi.fn(() => true)
  const channel = Object.assign(new EventEmitter(), { send: sent as (...message: unknown[]) => boolean })
  const worker = Object.assign(new EventEmitter(), { process: channel })
  closeOfferedConnections(worker as unknown as Worker)
  return {
    sent,
    offer(seq: number) {
      const handle = { close: vi.fn() }
      expect(channel.send({ cmd: 'NODE_CLUSTER', act: 'newconn', seq }, handle)).toBe(true)
      return handle
    },
    send: (...message: unknown[]) => channel.send(...message),
    say: (message: unknown) => channel.emit('internalMessage', message),
    exit: () => worker.emit('exit'),
  }
}

describe('the connections that a worker is offered', () => {
  it('are passed on, and closed when it exits unless it has accepted them', () => {
    const worker = followed()
    const [accepted, pending] = [worker.offer(1), worker.offer(2)]
    worker.say({ cmd: 'NODE_CLUSTER', ack: 1 })
    worker.exit()
    expect([accepted, pending].map(({ close }) => close.mock.calls.length)).toEqual([0, 1])
    expect(worker.sent).toHaveBeenNthCalledWith(2, expect.objectContaining({ seq: 2 }), pending)
  })

  it('are left alone in a Node.js that never acknowledges them', () => {
    const worker = followed()
    const handles = Array.from({ length: 1000 }, (_, seq) => worker.offer(seq))
    worker.exit()
    expect(handles.filter(({ close }) => close.mock.calls.length > 0)).toEqual([])
  })

  it.each([
    ['without a connection', { act: 'newconn', seq: 1 }, undefined],
    ['with a connection that cannot be closed', { act: 'newconn', seq: 1 }, {}],
    ['of another kind', 'text', undefined],
  ])('are not confused with a message %s', (_, message, handle) => {
    const worker = followed()
    worker.send(message, handle)
    worker.say(undefined)
    worker.exit()
    expect(worker.sent).toHaveBeenCalledWith(message, handle)
  })
})
