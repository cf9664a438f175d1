const { WebSocketServer } = require('ws');

const text = '0123456789'.repeat(10);
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () =>
  console.log(server.address().port));
process.stdin.on('data', orders => {
  for (let i = 0; i < orders.length; i++) {
    for (const client of server.clients) {
      client.send(text);
    }
  }
});
process.stdin.on('end', () => process.exit());
