import { createRouter, createWebHashHistory } from 'vue-router';
import ChatList from '../conversations/ChatList.vue';
import ChooseChat from '../conversations/ChooseChat.vue';
import { groupRoutes } from '../groups/routes';
import ConversationPage from '../messages/ConversationPage.vue';
import { peopleRoutes } from '../people/routes';
import { searchRoutes } from '../search/routes';
import { settingsRoutes } from '../settings/routes';

declare module 'vue-router' {
  interface RouteMeta {
    /** What a phone shows of the two: the list at the side, or what was chosen from it. */
    readonly pane: 'side' | 'main';
    /** Which entry of the navigation it belongs to. */
    readonly section: 'chats' | 'people' | 'settings';
  }
}

/** Every screen has a list at the side and what was chosen from it. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    {
      path: '/',
      name: 'chats',
      components: { side: ChatList, default: ChooseChat },
      meta: { pane: 'side', section: 'chats' },
    },
    {
      path: '/c/:conversationId',
      name: 'conversation',
      components: { side: ChatList, default: ConversationPage },
      props: { default: ({ params, query }) => ({ ...params, at: Number(query.at) || undefined }), side: false },
      meta: { pane: 'main', section: 'chats' },
    },
    {
      path: '/u/:userId',
      name: 'person',
      components: { side: ChatList, default: ConversationPage },
      props: { default: true, side: false },
      meta: { pane: 'main', section: 'chats' },
    },
    {
      path: '/new',
      name: 'newChat',
      components: { side: () => import('../people/NewChat.vue'), default: ChooseChat },
      meta: { pane: 'side', section: 'chats' },
    },
    ...groupRoutes,
    ...peopleRoutes,
    ...searchRoutes,
    ...settingsRoutes,
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
