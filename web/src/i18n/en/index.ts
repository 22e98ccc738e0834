import { common } from './common';
import { conversations } from './conversations';
import { groups } from './groups';
import { messages } from './messages';
import { people } from './people';
import { session } from './session';
import { settings } from './settings';

export const en = { ...common, ...session, ...conversations, ...messages, ...people, ...groups, ...settings };
