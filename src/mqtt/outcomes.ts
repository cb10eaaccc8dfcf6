/** The named outcomes of a client's operations: the words that grammars match on. Fields beside them are facts for lines. */
import type { DialFailure } from '../net/outcome.js';

export type Field = string | number | boolean | readonly number[] | undefined;

export interface Result<Word extends string = string> {
  outcome: Word;
  [field: string]: Field;
}

/** Why a link was lost. `no-network` is the caller's own: PDP context or Wi-Fi gone (see `MqttClient.drop`). */
export type LossCause =
  | 'peer-closed'
  | 'reset'
  | 'ping-timeout'
  | 'connack-timeout'
  /** Every repetition of a packet stayed unanswered. */
  | 'unanswered'
  | 'protocol-error'
  | 'too-large'
  | 'network'
  | 'no-network';

export type OpenResult = Result<'linked' | 'already' | 'lost' | DialFailure>;
/** `session`: the broker had one. `code` 1 to 5 is CONNACK's, `reason` its name. */
export type ConnectResult = Result<'connected' | 'rejected' | 'already' | 'not-open' | 'lost' | 'timeout' | 'failed'>;
export type PublishResult = Result<
  'sent' | 'acknowledged' | 'completed' | 'not-online' | 'too-many' | 'too-large' | 'lost' | 'timeout' | 'failed'
>;
export type SubscribeResult = Result<
  'subscribed' | 'denied' | 'not-online' | 'too-many' | 'too-large' | 'lost' | 'timeout' | 'failed'
>;
export type UnsubscribeResult = Result<
  'unsubscribed' | 'not-online' | 'too-many' | 'too-large' | 'lost' | 'timeout' | 'failed'
>;
export type DisconnectResult = Result<'disconnected' | 'not-open'>;
export type CloseResult = Result<'closed' | 'not-open'>;

/** What a publish tells before its outcome: `received` is PUBREC, `retried` a repetition with its `count`. */
export type Progress = (word: 'received' | 'retried', fields: Readonly<Record<string, Field>>) => void;

/** CONNACK's return codes [MQTT 3.2.2.3]. */
export function connackReason(code: number): string {
  switch (code) {
    case 1:
      return 'bad-version';
    case 2:
      return 'bad-client-id';
    case 3:
      return 'unavailable';
    case 4:
      return 'bad-credentials';
    case 5:
      return 'not-authorised';
    default:
      return 'unknown';
  }
}
