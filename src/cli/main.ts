/** The entry of the bundled command line: arguments in, exit code out. Nothing else may end the process. */
import { processOutput, tolerateClosedPipes } from './output.js';
import { runCommandLine } from './program.js';

tolerateClosedPipes();
process.exitCode = await runCommandLine(process.argv.slice(2), processOutput);
