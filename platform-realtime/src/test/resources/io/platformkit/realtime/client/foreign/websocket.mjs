// Speaks the protocol by hand with npm's ws: node websocket.mjs <url> <token> <topic> <count>
// Publishes that many numbers, each of them twice under one key, is cut in the middle, and prints what it got.

import WebSocket from 'ws';

const [url, token, topic, count] = process.argv.slice(2);
const got = [];
const answers = [];
let offset;

function open(onTopic) {
  const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` } });
  socket.on('error', (failure) => fail(failure));
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.type === 'connected') {
      const offsets = offset === undefined ? {} : { [topic]: offset };
      send(socket, { type: 'subscribe', id: 'sub', payload: { topics: [topic], offsets } });
    } else if (message.type === 'subscribed') {
      offset = message.payload.topics[topic].offset;
      socket.emit('subscribed');
    } else if (message.type === 'ack') {
      answers.push(message.payload.duplicate);
    } else if (message.topic === topic) {
      offset = message.offset;
      got.push(message.payload);
      onTopic(socket);
    } else {
      fail(new Error(`unexpected: ${data}`));
    }
  });
  return socket;
}

function send(socket, message) {
  socket.send(JSON.stringify(message));
}

function publish(socket, n) {
  const payload = { topic, type: 'number', payload: n, key: `number-${n}` };
  for (const id of [`${n}`, `${n} again`]) send(socket, { type: 'publish', id, payload });
}

function fail(failure) {
  console.error(failure);
  process.exit(1);
}

const first = open((socket) => {
  if (got.length === 3) {
    socket.terminate();
    const second = open(() => {
      if (got.length === Number(count)) second.close(1000);
    });
    second.on('subscribed', () => {
      for (let n = 5; n < Number(count); n++) publish(second, n);
    });
    second.on('close', (code) => console.log(JSON.stringify({ got, answers, code })));
  }
});
first.on('subscribed', () => {
  for (let n = 0; n < 5; n++) publish(first, n);
});
