import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest'
import { createMachineUptime } from '../../src/store/lmdb/clock.ts'

let asked: MockInstance<typeof os.uptime>
beforeEach(() => {
  asked = vi.spyOn(os, 'uptime').mockReturnValue(1000)
  syncBuiltinESMExports()
})
afterEach(() => {
  vi.useRealTimers()
  asked.mockRestore()
  syncBuiltinESMExports()
})

it('asks the machine for its uptime once a second, and extrapolates it in between', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  const clock = createMachineUptime()
  for (let elapsed = 0; elapsed < 1000; elapsed += 1) {
    expect(clock()).toBe(1_000_000 + elapsed)
    vi.advanceTimersByTime(1)
  }
  expect(asked).toHaveBeenCalledTimes(1)
  asked.mockReturnValue(1001.5)
  expect(clock()).toBe(1_001_500)
})

it.each([-60_000, -200, 200, 60_000])(
  'asks again at once when the wall clock moves by %i ms alone',
  (step) => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    const clock = createMachineUptime()
    clock()
    vi.setSystemTime(Date.now() + step)
    asked.mockReturnValue(1060)
    expect(clock()).toBe(1_060_000)
  },
)
