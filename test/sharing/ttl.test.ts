import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grantTtl, ttlOrMinimum } from '../../src/sharing/ttl.ts'
import { seconds } from '../../src/time.ts'
import { holds } from '../support/properties.ts'

const DAY = 86_400
const POLICY = { default: seconds(7 * DAY), maxAnonymous: seconds(7 * DAY), maxAccount: seconds(30 * DAY) }

describe('grantTtl (docs/api/v1.md section 3, ttl)', () => {
  it.each([
    undefined,
    '',
    ' ',
    'soon',
    '1h',
    '0x10',
    '1e-3',
    'NaN',
    'Infinity',
    '٣٦٠٠',
    '1,5',
    '1 0',
    'true',
  ])('grants the default for %j, which is not a number', (requested) => {
    expect(grantTtl(requested, POLICY, POLICY.maxAccount)).toBe(POLICY.default)
  })

  it.each(['0', '0.0', '0.9', '-1', '-3600', '-0', '.5'])(
    'F3: grants the default for %s, which is less than a second',
    (requested) => {
      expect(grantTtl(requested, POLICY, POLICY.maxAccount)).toBe(POLICY.default)
    },
  )

  it.each([
    ['1', 60],
    ['59', 60],
    ['59.99', 60],
    ['60', 60],
    ['61', 61],
    ['90.25', 90],
    ['0003600', 3600],
    ['3.6e3', 3600],
    ['1E4', 10_000],
    [' 3600 ', 3600],
    [`${30 * DAY}`, 30 * DAY],
  ])('grants %j as %d whole seconds', (requested, granted) => {
    expect(grantTtl(requested, POLICY, POLICY.maxAccount)).toBe(granted)
  })

  it.each([`${7 * DAY + 1}`, `${30 * DAY}`, '9'.repeat(400)])(
    'F4: grants anonymous callers no more than their maximum for %s',
    (requested) => {
      expect(grantTtl(requested, POLICY, POLICY.maxAnonymous)).toBe(7 * DAY)
    },
  )

  it('F4: grants accounts no more than their maximum', () => {
    expect(grantTtl(`${30 * DAY + 1}`, POLICY, POLICY.maxAccount)).toBe(30 * DAY)
  })

  it('F4: grants no more than the maximum by default', () => {
    const policy = { ...POLICY, default: seconds(14 * DAY) }
    for (const requested of [undefined, '0', 'soon'])
      expect(grantTtl(requested, policy, policy.maxAnonymous)).toBe(7 * DAY)
  })

  it('F3: grants whole seconds between 60 and the maximum for any text', async () => {
    await holds(
      fc.property(
        fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)),
        fc.integer({ min: 60, max: 365 * DAY }).map(seconds),
        (requested, ceiling) => {
          const granted = grantTtl(requested, POLICY, ceiling)
          expect(Number.isInteger(granted)).toBe(true)
          expect(granted).toBeGreaterThanOrEqual(60)
          expect(granted).toBeLessThanOrEqual(ceiling)
        },
      ),
    )
  })
})

describe('ttlOrMinimum (docs/api/v2.md section 3, ttl)', () => {
  it('asks for the number that a text begins with', () => {
    expect(ttlOrMinimum('300s')).toBe('300')
    expect(grantTtl(ttlOrMinimum(`${'9'.repeat(309)}s`), POLICY, POLICY.maxAccount)).toBe(POLICY.maxAccount)
    expect(ttlOrMinimum(' 7 days')).toBe('60')
  })

  it.each(['0', '-1', '', ' ', 'soon', 'true', '0.5', 'NaN'])('asks for the minimum with %j', (requested) => {
    expect(ttlOrMinimum(requested)).toBe('60')
  })

  it.each([undefined, '1', '59', '60', '3600', '3600.9', '1e5', '999999999'])(
    'leaves %j as it is',
    (requested) => {
      expect(ttlOrMinimum(requested)).toBe(requested)
    },
  )
})
