/** The dialogue that the daemon keeps, as a transcript: something to start a test from. */
import { pathOf } from './api.js';

export const downloadId = 'save-transcript';

export function Download({ modem }: { modem: string }) {
  return (
    <a id={downloadId} class="button" href={`${pathOf(modem)}/transcript`} download={`${fileName(modem)}.at`}>
      Save transcript
    </a>
  );
}

const fileName = (modem: string): string => modem.replace(/[^\w.-]+/g, '-');
