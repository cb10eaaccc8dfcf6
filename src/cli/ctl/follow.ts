/** `dialogue -f`: the lines as they come, until the daemon ends or somebody has seen enough. */
import { WebSocket } from 'ws';
import { OperatorError } from '../../base/errors.js';
import type { DialogueEntry, EventBatch } from '../../control/messages.js';
import { type ControlClient, refused, unreachable } from './client.js';

export interface Following {
  modem: string;
  /** Lines after this one. */
  after: number;
  line(entry: DialogueEntry): void;
  /** So many were left out, because nobody read them in time. */
  missed(count: number): void;
  /** Ends it, without a failure. */
  enough: Promise<void>;
}

export function follow(client: ControlClient, { modem, after, line, missed, enough }: Following): Promise<void> {
  const address = `${client.url.replace(/^http/, 'ws')}/api/events?modem=${encodeURIComponent(modem)}&after=${after}`;
  const socket = new WebSocket(address, { headers: client.headers });
  return new Promise((resolve, reject) => {
    const end = (error?: Error) => {
      socket.terminate();
      if (error) reject(error);
      else resolve();
    };
    void enough.then(() => end());
    socket.on('message', data => {
      for (const event of JSON.parse(String(data)) as EventBatch) {
        if (event.event === 'dialogue') event.lines.forEach(line);
        else if (event.event === 'missed') missed(event.count);
      }
    });
    socket.on('unexpected-response', (_, response) => {
      let text = '';
      response.on('data', chunk => {
        text += chunk;
      });
      response.on('end', () => end(refused(text, response.statusCode ?? 0)));
    });
    socket.on('error', error => end(unreachable(client.url, error)));
    socket.on('close', (_, why) => {
      const found = String(why) || `the connection to ${client.url} is closed`;
      end(new OperatorError('control', 'the dialogue goes on no more', { found }));
    });
  });
}
