// What the test of a park does at its switch, in a process of that network: `forward` to a socket of the test, `hear` what all can hear, `send` as a stranger.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { text } from 'node:stream/consumers';

const [what, address, port, path] = process.argv.slice(2);
const everyone = address.replace('.254', '.255');

if (what === 'forward') {
  const server = createServer((socket) => pipeline(socket, connect(path), socket, () => undefined));
  server.listen(Number(port), address, () => console.log('ready'));
} else {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(...(what === 'hear' ? [Number(port), everyone] : [0, address]));
  await once(socket, 'listening');
  if (what === 'hear') {
    socket.on('message', (datagram) => console.log(datagram.toString('base64')));
    console.log('ready');
  } else {
    const { datagrams, times } = JSON.parse(await text(process.stdin));
    socket.setBroadcast(true);
    for (let time = 0; time < times; time += 1)
      for (const each of datagrams)
        await new Promise((resolve) => socket.send(Buffer.from(each, 'base64'), Number(port), everyone, resolve));
    socket.close();
  }
}
