/**
 * How a module reads its command line, as far as modules differ. A dialect's grammar fills it in; nothing here knows a
 * dialect.
 */
export interface LineStyle {
  /**
   * `v250`: what stands before the prefix AT is ignored, and A/ repeats [V.250 5.2.1, 5.2.4].
   * `esp`: every line that is not blank is a line; one without AT is not a command, and is told so.
   */
  lines: 'v250' | 'esp';
  /** An LF with nothing before it in its line, beside the one that ended the line before. `refused`: not a command. */
  blankLine: 'ignored' | 'refused';
  /** Bytes of a line counted from the A of AT, without S3. */
  lineLimit: number;
  echo: EchoStyle;
  /**
   * One LF that directly follows the S3 of the command, as the first byte of a data phase or of online data state.
   * `as-host`: data, from a host whose line before ended without one; else swallowed.
   */
  lfAtPrompt: 'swallow' | 'payload' | 'as-host';
  /** Data typed at a prompt is echoed while echo is on. */
  dataEcho: boolean;
  /** Several commands in a line: basic ones side by side, `;` after extended ones [V.250 5.2.2]. */
  chain: boolean;
  strings: StringStyle;
  /** `splits`: a comma that is not escaped ends the argument even inside quotes, which leaves the string open. */
  commaInString: 'kept' | 'splits';
  /** In front of the quotes of a string that is written as the hex of its bytes; '' where there is no such form. */
  hexStringMark: string;
  /** Spaces outside quotes. */
  spaces: 'ignored' | 'kept';
  maximumArguments: number;
  /** Of a line. */
  maximumCommands: number;
}

/**
 * `line`: what was typed, with its S3; the LF of a CRLF is not echoed.
 * `all`: what was typed, with its CRLF.
 * `cr-crlf`: every byte but LF, and CR LF in place of an LF.
 */
export type EchoStyle = 'line' | 'all' | 'cr-crlf';

/** `plain`: no escape. `v250`: `\hh` is the byte hh [V.250 5.4.2.2]. `backslash`: `\x` is x. */
export type StringStyle = 'plain' | 'v250' | 'backslash';

/** The common cellular command line, where no vendor says otherwise. */
export const v250Style: LineStyle = {
  lines: 'v250',
  blankLine: 'ignored',
  lineLimit: 1024,
  echo: 'line',
  lfAtPrompt: 'swallow',
  dataEcho: false,
  chain: true,
  strings: 'plain',
  commaInString: 'kept',
  hexStringMark: '',
  spaces: 'ignored',
  maximumArguments: 32,
  maximumCommands: Number.POSITIVE_INFINITY,
};
