import { common } from './common';
import { conversations } from './conversations';
import { messages } from './messages';
import { session } from './session';
import { settings } from './settings';

export const en = { ...common, ...session, ...conversations, ...messages, ...settings };
