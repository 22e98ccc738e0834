import { Type, type Static } from '@sinclair/typebox';
import { about, CardVersion, Closed, CURSOR, Deleted, Id, Limit, Nullable, Time, Url } from './common';

export const Account = Type.String({
  pattern: '^[A-Za-z0-9_.@+-]{1,64}$',
  description: 'letters, digits and _ . @ + -; upper and lower case are the same',
});
export const App = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,32}$',
  default: 'default',
  description: 'tenant: users of one never meet those of another',
});
export const DeviceId = Type.String({
  pattern: '^[A-Za-z0-9_.:-]{1,64}$',
  description: 'one client installation; made by the server when absent',
});
export const Platform = Type.Union(
  ['web', 'ios', 'android', 'desktop', 'mini', 'other'].map(name => Type.Literal(name)),
  { default: 'other' },
);
const Password = Type.String({ minLength: 8, maxLength: 128 });
const Name = Type.String({ minLength: 1, maxLength: 64, pattern: '\\S', description: 'not only blanks' });
const Gender = Type.Union([Type.Literal('male'), Type.Literal('female'), Type.Literal('other')]);
const Text = Type.String({ maxLength: 256 });

export const User = Closed({
  id: Id,
  account: Type.String({ description: 'in lower case' }),
  name: Type.String(),
  avatar: Type.Optional(Url),
  gender: Type.Optional(Gender),
  signature: Type.Optional(about(Text, 'what the user says of themselves')),
  background: Type.Optional(about(Url, "picture behind the user's profile")),
  version: Type.Optional(CardVersion),
  deleted: Type.Optional(Deleted),
});
export type User = Static<typeof User>;

export const Audience = Type.Union([Type.Literal('everyone'), Type.Literal('friends'), Type.Literal('nobody')]);
export type Audience = Static<typeof Audience>;
const audiences = {
  groups: about(Audience, 'who adds the user to groups; others invite'),
  messages: about(Audience, 'who writes to the user, as far as the service allows it'),
  phone: about(Audience, 'who finds the user by the phone number'),
  presence: about(Audience, 'who sees whether the user is online: of `everyone` friends and members of common groups'),
};
export const Privacy = Closed(audiences);
export type Privacy = Static<typeof Privacy>;

const HidePresence = Type.Boolean({ description: 'nobody sees whether the user is online, and was when' });

export const Me = Type.Composite(
  [
    User,
    Closed({
      app: about(Type.String(), 'tenant'),
      phone: Type.Optional(Type.String()),
      hidePresence: HidePresence,
      privacy: Privacy,
    }),
  ],
  {
    additionalProperties: false,
  },
);
export type Me = Static<typeof Me>;

const Installation = { app: Type.Optional(App), deviceId: Type.Optional(DeviceId), platform: Type.Optional(Platform) };

export const Phone = Type.String({
  pattern: '^\\+?[0-9]{5,20}$',
  description: 'as the user says, nobody has verified it: several users may have the same, and a search finds them all',
});

export const Register = Closed({
  account: Account,
  password: Password,
  name: Name,
  phone: Type.Optional(Phone),
  ...Installation,
});
export type Register = Static<typeof Register>;

export const Login = Closed({ account: Account, password: Type.String({ maxLength: 128 }), ...Installation });
export type Login = Static<typeof Login>;

export const Refresh = Closed({
  refreshToken: Type.String({ maxLength: 2048 }),
  deviceId: Type.Optional(about(DeviceId, 'the device that asks: one that is not the token’s ends the session')),
});

export const Session = Closed({
  user: Me,
  deviceId: DeviceId,
  accessToken: Type.String({ description: 'shown with every call and connection' }),
  refreshToken: Type.String({ description: 'good for one `POST /auth/refresh`, which may be repeated for a minute' }),
  expiresIn: Type.Integer({ description: 'seconds the access token is good for' }),
});
export type Session = Static<typeof Session>;

export const Device = Closed({
  deviceId: DeviceId,
  platform: Type.String(),
  lastSeenAt: about(Time, 'when it was last connected, or got tokens'),
  current: Type.Boolean({ description: 'it is the one that asks' }),
});
export type Device = Static<typeof Device>;
export const ListSessions = Closed({
  cursor: Type.Optional(about(DeviceId, CURSOR)),
  limit: Limit(50, 200),
});
export type ListSessions = Static<typeof ListSessions>;
export const byDevice = Closed({ deviceId: DeviceId });

/** `null` takes a value away. */
export const UpdateMe = Closed({
  name: Type.Optional(Name),
  phone: Type.Optional(Type.Union([Phone, Type.Null()])),
  avatar: Type.Optional(Nullable(Url)),
  gender: Type.Optional(Type.Union([Gender, Type.Null()])),
  signature: Type.Optional(Type.Union([Text, Type.Null()])),
  background: Type.Optional(Nullable(Url)),
  hidePresence: Type.Optional(HidePresence),
  privacy: Type.Optional(Type.Partial(Privacy)),
});
export type UpdateMe = Static<typeof UpdateMe>;

export const ChangePassword = Closed({ oldPassword: Type.String({ maxLength: 128 }), newPassword: Password });

export const DestroyMe = Closed({ password: Type.String({ maxLength: 128 }) });
