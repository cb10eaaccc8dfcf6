import { afterAll } from 'vitest';
import { describeTranscripts } from './support/transcript-suite.js';

describeTranscripts('aedes');

afterAll(() => {
  console.log('Played on aedes alone. The same transcripts on mosquitto, and real ptys: `npm run test:e2e`.');
});
