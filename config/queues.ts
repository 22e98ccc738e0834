/** Of the table of settings: what waits in a worker, and what it holds for clients. */
export const queues = {
  IM_COMMIT_QUEUES: {
    value: '2',
    about: 'commit queues of each worker: transactions of messages that may run side by side',
  },
  IM_QUEUE_MAX: { value: '5000', about: 'sends that may wait in a commit queue; past it they are refused with `BUSY`' },
  IM_QUEUE_SHARE: { value: '500', about: 'sends, reads or acknowledgements of one user that may wait in a queue' },
  IM_SOCKET_BUFFER_BYTES: { value: '4194304', about: 'most bytes held for a slow client before it is disconnected' },
  IM_INPUT_BYTES: {
    value: '1048576',
    about:
      'bytes a worker reads in a second from the sockets of one user, or of strangers of an address, 1 KB more a packet; 0: all',
  },
  IM_BUFFER_BYTES: {
    value: '67108864',
    about: 'bytes held for all clients of a worker from which on those who read nothing are disconnected',
  },
} as const;
