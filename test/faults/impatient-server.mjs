// `emberlink serve` with deadlines that a test can wait for.
import { serve } from '../../compiled/commands/serve.js'

process.exitCode = await serve({}, { requests: 1000, store: 1000, process: 300, workers: 4000 })
