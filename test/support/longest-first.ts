import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Folders whose tests start processes, and mostly wait for them. */
const WAITING =
  /\/test\/(browser|commands|conformance|docker|examples|faults|package|proof|store|telemetry|torture)\//

/**
 * Starts long files first, so that the last worker does not go on alone. Vitest's own order, by the size of the file, does not
 * see that a short one may wait for a failover.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files)
    const [waiting, others] = [true, false].map((does) =>
      bySize.filter((file) => WAITING.test(file.moduleId) === does),
    ) as [TestSpecification[], TestSpecification[]]
    return [...waiting, ...others]
  }
}
