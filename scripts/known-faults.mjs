// Checks that every test named in docs/known-faults.md exists, by collecting their files without running them.
import { createVitest } from 'vitest/node'

const vitest = await createVitest('test', { watch: false, globalSetup: [], reporters: [] })
const { brokenCitations, readKnownFaults } = await vitest.import('./test/support/known-faults.ts')
const faults = readKnownFaults()
const files = new Set(faults.flatMap(({ tests }) => tests.map(({ file }) => file)))
const { testModules } = await vitest.collect([...files])
const found = testModules.flatMap((module) =>
  [...module.children.allTests()].map((test) => ({
    file: module.relativeModuleId,
    title: test.fullName.replaceAll(' > ', ' › '),
    state: 'pending',
  })),
)
const broken = brokenCitations(faults, found, 'exists')
console.log(
  [...broken, `${faults.length} faults, ${files.size} files, ${broken.length} to update`].join('\n'),
)
process.exitCode = broken.length === 0 ? 0 : 1
await vitest.exit()
