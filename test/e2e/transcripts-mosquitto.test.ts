import { describeTranscripts } from '../support/transcript-suite.js';

describeTranscripts('mosquitto');
