export * from 'egg-im-client';
export * from 'egg-im-client/mini-program';
export * from 'egg-im-client/sqlite';
