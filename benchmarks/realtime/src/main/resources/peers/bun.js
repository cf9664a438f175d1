const text = '0123456789'.repeat(10);
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request, host) => (host.upgrade(request) ? undefined : new Response('', { status: 400 })),
  websocket: {
    idleTimeout: 0,
    sendPings: false,
    open: socket => socket.subscribe('news'),
    message: () => {},
  },
});
console.log(server.port);
process.stdin.on('data', orders => {
  for (let i = 0; i < orders.length; i++) {
    server.publish('news', text);
  }
});
process.stdin.on('end', () => process.exit());
