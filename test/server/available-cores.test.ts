import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { availableCores } from '../../src/server/available-cores.ts'

const coresWith = (cores: number, files: Record<string, string>) =>
  availableCores(cores, (path) => files[path])

describe('the number of cores that are available', () => {
  it('is that of the affinity of the process without control groups', () => {
    expect(coresWith(6, {})).toBe(6)
    expect(availableCores()).toBeLessThanOrEqual(availableParallelism())
    expect(availableCores()).toBeGreaterThan(0)
  })

  it.each([
    ['is the limit of a container', '200000 100000\n', 2],
    ['is the number of whole cores in a limit', '350000 100000\n', 3],
    ['is one for a limit below one core', '50000 100000\n', 1],
    ['is that of the affinity when the limit is higher', '900000 100000\n', 6],
    ['is that of the affinity when the group has no limit', 'max 100000\n', 6],
  ])('%s', (_, limit, expected) => {
    const files = { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': limit }
    expect(coresWith(6, files)).toBe(expected)
  })

  it('is the lowest limit among the groups that contain the process', () => {
    const files = {
      '/proc/self/cgroup': '1:name=systemd:/x\n0::/system.slice/emberlink.service\n',
      '/sys/fs/cgroup/system.slice/emberlink.service/cpu.max': '400000 100000\n',
      '/sys/fs/cgroup/system.slice/cpu.max': '300000 100000\n',
    }
    expect(coresWith(6, files)).toBe(3)
  })

  it('is the limit of a container that sees the path of its group on the host', () => {
    const files = {
      '/proc/self/cgroup': '0::/kubepods.slice/pod1/container\n',
      '/sys/fs/cgroup/cpu.max': '100000 100000\n',
    }
    expect(coresWith(6, files)).toBe(1)
  })
})
