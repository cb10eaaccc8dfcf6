/**
 * A port is one DTE-DCE link, seen from the modem (DCE): open, write, close, and what comes back as events.
 * A pty, a TCP listener, a UART and a test's memory are all ports; nothing above knows which.
 */
export interface PortEvents {
  /** A DTE opened the link. Bytes written while none is attached are dropped: a DTE never gets stale bytes. */
  attached(): void;
  detached(): void;
  /** Bytes from the DTE. The buffer belongs to the receiver. */
  bytes(chunk: Buffer): void;
  /** Everything written so far was taken by the kernel or the DTE: `queued` is 0 again. */
  drained(): void;
  /** The DTE speaks at so many bits a second from here on. */
  lineSpeed?(baud: number): void;
  /** The DTE's control lines, where the link has them. */
  lines?(lines: DteLines): void;
  /** The port is gone for good (unplugged, listener closed by the system). */
  lost(reason: Error): void;
}

export interface Port {
  /** What the operator asked for, such as `pty:/tmp/ttyAT0`. */
  readonly spec: string;
  /** Where a host finds it: a device path, or `host:port`. Known once open. */
  readonly path: string;
  readonly isAttached: boolean;
  /** Bytes written that the DTE's side has not taken yet. */
  readonly queued: number;
  /** Bytes taken by the DTE's side since the port was opened: a way to see progress. */
  readonly delivered: number;
  /** Bytes dropped because nobody was attached or the queue was full. */
  readonly dropped: number;
  /** Rejects with an OperatorError (code `port`) that says what to do. */
  open(events: PortEvents): Promise<void>;
  /** Never blocks and never throws. Order is kept; the buffer is not copied and must not change. */
  write(bytes: Buffer): void;
  /** Forgets what was written and not yet taken. */
  discard(): void;
  /** Stops reading the DTE, which then has to wait, or goes on. What it has sent is not lost. */
  hold(isHeld: boolean): void;
  /**
   * The module's own line speed in bits a second; 0 while it waits for an `AT` to tell it. Of ports where that matters: what
   * was written before leaves at the old one.
   */
  setSpeed?(baud: number): void;
  /** The modem's control lines, of ports that carry them. */
  setLines?(lines: DceLines): void;
  /** Removes links and sockets. Safe to call twice. */
  close(): Promise<void>;
}

/** What the DTE drives: circuits 108/2 and 105 [V.24]. */
export interface DteLines {
  dtr: boolean;
  rts: boolean;
}

/** What the modem drives: circuits 106, 107, 109 and 125 [V.24]. */
export interface DceLines {
  cts: boolean;
  dsr: boolean;
  dcd: boolean;
  ri: boolean;
}

/** What a line runs at where nobody says otherwise, in bits a second. */
export const usualSpeed = 115_200;

/** Bits of one byte on the line: start, eight of data, stop. All of the house is 8N1. */
export const bitsPerByte = 10;

/** Hard bound of a port's own queue; the modem stops reading the network long before (256 KiB). */
export const maximumQueued = 4 * 1024 * 1024;
