import { describe, expect, it } from 'vitest'
import { createProgress } from '../../src/commands/progress.ts'
import { type Milliseconds, milliseconds } from '../../src/time.ts'

/** Collects what is written, and sets the time. */
function output(isTTY: boolean, columns = 100) {
  const written: string[] = []
  let time: Milliseconds = milliseconds(0)
  const stream = {
    isTTY,
    columns,
    write: (text: string) => written.push(text) > 0,
  } as unknown as NodeJS.WriteStream
  return { written, stream, now: () => time, at: (ms: number) => (time = milliseconds(ms)) }
}

describe('the progress of long work', () => {
  it('is a line every ten seconds in a pipe, with rate and remaining time, and one at the end', () => {
    const { written, stream, now, at } = output(false)
    const progress = createProgress(stream, now)
    progress.begin('secrets', 10_000)
    for (let second = 1; second <= 20; second += 1) {
      at(second * 1000)
      progress.advance(100)
    }
    progress.end()
    progress.end()
    expect(written).toEqual([
      'secrets: 1,000 of about 10,000, 100/s, 90 s left\n',
      'secrets: 2,000 of about 10,000, 100/s, 80 s left\n',
      'secrets: 2,000 of about 10,000, 100/s, 80 s left\n',
    ])
  })

  it('is one bar on a terminal, drawn again in its place at most ten times a second', () => {
    const { written, stream, now, at } = output(true)
    const progress = createProgress(stream, now)
    progress.begin('receipts', 400)
    for (let tick = 1; tick <= 200; tick += 1) {
      at(tick * 10)
      progress.advance(1)
    }
    progress.end()
    const bars = written.filter((text) => text.startsWith('['))
    expect(bars).toHaveLength(21)
    expect(bars.at(-1)).toBe('[############............] receipts: 200 of about 400, 100/s, 2 s left')
    expect(written.at(-1)).toBe('\n')
    expect(written.filter((text) => text.includes('\n'))).toHaveLength(1)
  })

  it.each([
    [0, '[########################] receipts: 4 of about 4'],
    [40, 'receipts: 4 of about 4'],
    [10, 'receipts:'],
  ])('fits into a terminal that says it has %i columns', (columns, text) => {
    const { written, stream, now } = output(true, columns)
    const progress = createProgress(stream, now)
    progress.begin('receipts', 4)
    progress.advance(4)
    progress.end()
    expect(written.at(-2)).toBe(text)
  })
})
