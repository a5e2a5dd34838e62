import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { testFiles } from '../support/known-faults.ts'

it('no test replaces a module, which the next file of its worker would get as well', () => {
  const replacing = testFiles().filter((file) =>
    /\bvi\.(do)?mock\(/i.test(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')),
  )
  expect(replacing).toEqual([])
})
