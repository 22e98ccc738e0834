/** Of the table of settings: who may log in, and for how long. */
export const accounts = {
  IM_JWT_SECRET: { value: '', about: 'signs the tokens; at least 32 characters; required in production' },
  IM_ACCESS_TTL: { value: '7200', about: 'seconds an access token is good for' },
  IM_REFRESH_TTL: { value: '2592000', about: 'seconds a refresh token is good for' },
  IM_DEVICE_POLICY: {
    value: 'multi',
    about: '`multi`: any number of devices; `platform`: one per platform; `single`: the newest',
  },
  IM_TENANTS: {
    value: 'default',
    about: 'comma-separated tenants (`app`) that there are; `*`: any that somebody names',
  },
  IM_REGISTRATION: {
    value: 'open',
    about: '`open`: anybody may make an account; `closed`: with the admin token alone',
  },
} as const;
