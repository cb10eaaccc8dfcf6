/** The control bytes that the AT side calls by name. */
export const BS = 0x08;
export const LF = 0x0a;
export const CR = 0x0d;
/** What lies below and is neither S3 nor S5 is dropped from a command line. */
export const firstPrintable = 0x20;
