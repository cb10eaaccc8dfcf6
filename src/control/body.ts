/** The body of a write: bounded, UTF-8, JSON. */
import { ControlFailure } from './failure.js';

export const longestBody = 64 * 1024;

/** @throws ControlFailure: too large, or no JSON */
export async function jsonBody(request: Pick<Request, 'headers' | 'body'>): Promise<unknown> {
  const text = await textBody(request);
  if (text.trim() === '')
    throw new ControlFailure('bad-request', 'the request has no body', { expected: 'a JSON object' });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ControlFailure('bad-request', 'the body is not JSON', {
      found: text.length > 100 ? `${text.slice(0, 100)}…` : text,
      expected: 'a JSON object',
      hint: (error as Error).message.slice(0, 200),
    });
  }
}

async function textBody({ headers, body }: Pick<Request, 'headers' | 'body'>): Promise<string> {
  // What was announced is told at once; what comes without a length is counted.
  if (Number(headers.get('content-length') ?? 0) > longestBody) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > longestBody) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new ControlFailure('bad-request', 'the body is not UTF-8', { expected: 'a JSON object in UTF-8' });
  }
}

const tooLarge = (): ControlFailure =>
  new ControlFailure('too-large', 'the body is too large', { expected: `at most ${longestBody} bytes` });
