/** Socket.IO 2.x has no types of its own. */
declare module 'socket.io-client-2' {
  const io: (url: string, options: Record<string, unknown>) => unknown;
  export default io;
}
