import { expect, test } from 'vitest'
import { FIGURES } from './figures.ts'
import { OptionError, readOptions, usage } from './options.ts'

test('measures every figure that needs no request by default', () => {
  const all = [...FIGURES].filter(([, { onRequest }]) => onRequest === undefined).map(([name]) => name)
  expect(readOptions([])).toEqual({
    only: all,
    rounds: 5,
    seconds: 3,
    rate: 500,
    nodes: ['20', '24', '26'],
    before: '',
  })
})

test('takes no longer than 20 minutes by default', () => {
  const takes = [...FIGURES.values()].map((figure) => (figure.onRequest === undefined ? figure.takes : 0))
  expect(takes.reduce((sum, seconds) => sum + seconds)).toBeLessThanOrEqual(20 * 60)
})

test('adds the versions of Node.js when some are named', () => {
  expect(readOptions(['--node', '22,24.1'])).toMatchObject({
    only: expect.arrayContaining(['redis', 'nodes']),
    nodes: ['22', '24.1'],
  })
  expect(readOptions(['--only', 'nodes,start', '--rounds', '2'])).toMatchObject({ only: ['nodes', 'start'] })
})

test.each([
  [['--only', 'redis,valkey'], /valkey; there are redis, lmdb,/],
  [['--onyl', 'redis'], /--onyl.*there are --only, --rounds/],
  [['redis'], /redis.*there are --only/],
  [['--rounds', '0'], /--rounds: must be a whole number above 0, not 0/],
  [['--rounds', '1.5'], /--rounds: .* not 1.5/],
  [['--seconds', 'ten'], /--seconds: must be a number above 0, not ten/],
  [['--before', 'nowhere'], /--before: there is no build in nowhere/],
  [['--only', 'builds-redis'], /--before: must name the other build/],
  [['--node', 'lts'], /--node: must be versions such as 20,24,26, not lts/],
])('rejects %j with what there is to choose from', (args, message) => {
  expect(() => readOptions(args)).toThrow(OptionError)
  expect(() => readOptions(args)).toThrow(message)
})

test('lists every figure in its usage', () => {
  expect(readOptions(['--help'])).toBe('help')
  for (const name of FIGURES.keys()) expect(usage()).toContain(`  ${name} `)
})
