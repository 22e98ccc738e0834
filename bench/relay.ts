import { createServer } from 'node:http';
import { Server } from 'socket.io';

/**
 * What the service is compared with: a bare Socket.IO server that keeps nothing. It acks a message and emits it to the
 * other sockets in the room of its conversation, in memory, without authentication or checks.
 */
const http = createServer();
const io = new Server(http, { perMessageDeflate: false });

io.of('/im').on('connection', socket => {
  void socket.join(socket.handshake.auth.conversationIds as string[]);
  socket.on('message:send', (message: { conversationId: string }, ack: (answer: object) => void) => {
    socket.to(message.conversationId).emit('sync:push', { entries: [{ data: { messages: [message] } }] });
    ack({ ok: true });
  });
});

http.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
