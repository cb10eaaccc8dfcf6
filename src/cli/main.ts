/** The entry of the bundled command line: arguments in, exit code out. Nothing else may end the process. */
import { systemClock } from '../base/clock.js';
import { StreamOutput, tolerateClosedPipes } from './output.js';
import { runCommandLine } from './program.js';
import { keepYoungHeapSmall } from './young-heap.js';

/** What still holds the process then, such as a line that nobody reads, is left behind. */
const mostWaitAtEnd = 1000;

keepYoungHeapSmall();
tolerateClosedPipes();
process.exitCode = await runCommandLine(process.argv.slice(2), new StreamOutput(process.stdout, process.stderr));
systemClock.after(mostWaitAtEnd, () => process.exit());
