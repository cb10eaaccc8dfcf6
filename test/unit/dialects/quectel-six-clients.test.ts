/** Six clients of one module, each at a broker of its own: nothing of one is seen by another. */
import { expect, test } from 'vitest';
import { FakeBroker } from '../../support/fake-broker.js';
import { ModemUnderTest } from '../modem/modem-under-test.js';

const clients = [0, 1, 2, 3, 4, 5];

test('six clients at six brokers', async () => {
  const brokers = await Promise.all(clients.map(() => FakeBroker.start()));
  const routes = brokers.map(({ port }, i) => `broker-${i}.test=127.0.0.1:${port}`);
  const { host, complaints } = await ModemUnderTest.start('quectel', { routes });
  const links = [];
  for (const i of clients) {
    await host.dialogue(`AT+QMTOPEN=${i},"broker-${i}.test",1883`, `\r\nOK\r\n\r\n+QMTOPEN: ${i},0\r\n`);
    host.types(`AT+QMTCONN=${i},"dev${i}","user${i}"\r`);
    const link = await brokers[i]!.link();
    expect(await link.accept()).toMatchObject({ clientId: `dev${i}`, username: `user${i}` });
    await host.expects(`\r\nOK\r\n\r\n+QMTCONN: ${i},0,0\r\n`);
    links.push(link);
  }
  // Out: all six at once, answered from the last to the first.
  for (const i of clients) {
    await host.dialogue(`AT+QMTPUBEX=${i},${i + 1},1,0,"from/${i}",2`, '\r\n> ');
    host.types(`p${i}`);
    await host.expects('\r\nOK\r\n');
  }
  for (const i of clients.toReversed()) {
    const published = await links[i]!.next('publish');
    expect(published).toMatchObject({ topic: `from/${i}`, payload: Buffer.from(`p${i}`) });
    links[i]!.send({ cmd: 'puback', messageId: published.messageId });
    await host.expects(`\r\n+QMTPUBEX: ${i},${i + 1},0\r\n`);
  }
  // In, and the end of one alone.
  for (const i of clients) {
    links[i]!.send({ cmd: 'publish', topic: 'to', payload: `m${i}`, qos: 0, retain: false, dup: false });
    await host.expects(`\r\n+QMTRECV: ${i},0,"to","m${i}"\r\n`);
  }
  links[3]!.socket.destroy();
  await host.expects('\r\n+QMTSTAT: 3,1\r\n');
  const left = clients.filter(i => i !== 3).map(i => `+QMTCONN: ${i},3\r\n`);
  await host.dialogue('AT+QMTCONN?', `\r\n${left.join('')}\r\nOK\r\n`);
  expect(complaints).toEqual([]);
});
