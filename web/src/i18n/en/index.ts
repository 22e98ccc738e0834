import { common } from './common';
import { conversations } from './conversations';
import { groups } from './groups';
import { media } from './media';
import { messages } from './messages';
import { people } from './people';
import { search } from './search';
import { session } from './session';
import { settings } from './settings';

export const en = {
  ...common,
  ...session,
  ...conversations,
  ...media,
  ...messages,
  ...people,
  ...groups,
  ...search,
  ...settings,
};
