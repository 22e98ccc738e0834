/** Of the table of settings: how many of each kind of app/schema/limits.ts there may be in its time. */
export const limits = {
  IM_LIMIT_SENDS: {
    value: '600',
    about: 'messages a user may send in a minute, counted by each worker; 0: any number, as for all limits',
  },
  IM_LIMIT_CONVERSATION: {
    value: '3000',
    about: 'messages all members together may send to a conversation in a minute, counted by each worker',
  },
  IM_LIMIT_STRANGERS: {
    value: '60',
    about: 'single conversations a user may begin in an hour with users who are no friends',
  },
  IM_LIMIT_UNANSWERED: {
    value: '20',
    about: 'messages a user may send in all to somebody who is no friend and has never answered',
  },
  IM_LIMIT_WRITES: {
    value: '600',
    about: 'other calls of a user in a minute that change something',
  },
  IM_LIMIT_READS: {
    value: '1200',
    about: 'calls of a user in a minute that only read, counted by each worker',
  },
  IM_LIMIT_SYNCS: {
    value: '6000',
    about: 'pulls, acknowledgements, read places and signs of typing of a user in a minute, counted by each worker',
  },
  IM_LIMIT_SEARCHES: {
    value: '120',
    about: 'searches of a user in a minute, for messages or people',
  },
  IM_LIMIT_UPLOADS: {
    value: '120',
    about: 'files a user may upload in a minute',
  },
  IM_LIMIT_UPLOAD_BYTES: { value: '1073741824', about: 'bytes of files a user may upload in a day' },
  IM_LIMIT_FRIEND_REQUESTS: {
    value: '60',
    about: 'friend requests a user may make in an hour',
  },
  IM_LIMIT_INVITATIONS: {
    value: '120',
    about: 'calls of a user in an hour that make a group, add members or invite',
  },
  IM_LIMIT_REGISTRATIONS: {
    value: '60',
    about: 'accounts that may be made from one address in an hour',
  },
  IM_LIMIT_LOGINS: {
    value: '300',
    about: 'logins from one address in a minute',
  },
  IM_LIMIT_REFRESHES: {
    value: '3000',
    about: 'refreshes of tokens from one address in a minute',
  },
  IM_LIMIT_ATTEMPTS: {
    value: '10',
    about: 'wrong passwords for one account from one address, or on one device that has been in, in five minutes',
  },
  IM_LIMIT_GUESSES: { value: '100', about: 'wrong passwords for all accounts from one address in five minutes' },
  IM_LIMIT_CONNECTS: {
    value: '100',
    about: 'connections one address may open in a second, counted by each worker; more are refused',
  },
  IM_LIMIT_SOCKETS_SESSION: {
    value: '10',
    about: 'connections of one session to a worker; a newer one closes the oldest',
  },
  IM_LIMIT_SOCKETS_USER: { value: '50', about: 'connections of one user to a worker; a newer one closes the oldest' },
  IM_LIMIT_SOCKETS_ADDRESS: { value: '5000', about: 'connections of one address to a worker; more are refused' },
  IM_LIMIT_SOCKETS_STRANGERS: {
    value: '200',
    about: 'connections of one address to a worker that have not logged in yet; more are refused',
  },
} as const;

/** The settings by the kinds that they bound. */
export const limitNames = {
  sends: 'IM_LIMIT_SENDS',
  conversation: 'IM_LIMIT_CONVERSATION',
  strangers: 'IM_LIMIT_STRANGERS',
  writes: 'IM_LIMIT_WRITES',
  reads: 'IM_LIMIT_READS',
  syncs: 'IM_LIMIT_SYNCS',
  searches: 'IM_LIMIT_SEARCHES',
  uploads: 'IM_LIMIT_UPLOADS',
  uploadBytes: 'IM_LIMIT_UPLOAD_BYTES',
  friendRequests: 'IM_LIMIT_FRIEND_REQUESTS',
  invitations: 'IM_LIMIT_INVITATIONS',
  connects: 'IM_LIMIT_CONNECTS',
  registrations: 'IM_LIMIT_REGISTRATIONS',
  logins: 'IM_LIMIT_LOGINS',
  refreshes: 'IM_LIMIT_REFRESHES',
  attempts: 'IM_LIMIT_ATTEMPTS',
  guesses: 'IM_LIMIT_GUESSES',
} as const;

export const socketNames = {
  session: 'IM_LIMIT_SOCKETS_SESSION',
  user: 'IM_LIMIT_SOCKETS_USER',
  address: 'IM_LIMIT_SOCKETS_ADDRESS',
  strangers: 'IM_LIMIT_SOCKETS_STRANGERS',
} as const;
