const http = require('http');
const { Server } = require('socket.io');

const text = '0123456789'.repeat(10);
const server = http.createServer();
const io = new Server(server, { pingInterval: 3600000 });
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('data', orders => {
  for (let i = 0; i < orders.length; i++) {
    io.emit('tick', text);
  }
});
process.stdin.on('end', () => process.exit());
