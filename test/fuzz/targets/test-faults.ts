import { strict as assert } from 'node:assert'
import { fieldOf, parseJson } from '../../../src/conformance/json.ts'
import { escapeXml } from '../../../src/conformance/report/xml.ts'
import { controlRoutes } from '../../../src/testing/control-routes.ts'
import type { TestControls } from '../../../src/testing/controls.ts'
import { checkFault, TestInputError } from '../../../src/testing/fault.ts'
import { createFaultScript } from '../../../src/testing/fault-script.ts'
import { milliseconds } from '../../../src/time.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

const isInputError = (error: unknown) => error instanceof TestInputError

/** JSON that tests send to the control API, and that the conformance command reads in responses. */
export const target: Target = {
  name: 'test-faults',
  input: 'JSON',
  seeds: () => [
    '{"fault":"late","operation":"create","times":2,"milliseconds":100}',
    '[{"fault":"rate-limit","seconds":60},{"fault":"answer-503","times":"always"}]',
    '{"advance":60000}',
    '{"record":{"secret":{"identifier":"a","state":"new"}}}',
  ],
  run(input) {
    const text = input.toString()
    const value = parseJson(text)
    fieldOf(value, 'record', 'secret', 'identifier')
    assert.doesNotMatch(escapeXml(text), /[<\0]|&(?!(amp|lt|gt|quot|apos|#\d+);)/)
    const script = createFaultScript(() => milliseconds(0))
    const isFault = accepted(() => {
      checkFault(value)
      return true
    }, isInputError)
    if (isFault) {
      accepted(() => script.add(value as never), isInputError)
      assert.equal(script.list().length, 1)
      for (let left = 3; left > 0; left -= 1) script.next('create')
    }
    const routes = controlRoutes({
      faults: { add: script.add, list: script.list },
    } as unknown as TestControls)
    accepted(() => routes.get('POST /faults')?.(value), isInputError)
  },
}
