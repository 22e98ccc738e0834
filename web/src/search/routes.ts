import type { RouteRecordRaw } from 'vue-router';
import ChatList from '../conversations/ChatList.vue';

const meta = { pane: 'main', section: 'chats' } as const;

export const searchRoutes: RouteRecordRaw[] = [
  {
    path: '/c/:conversationId/find',
    name: 'find',
    components: { side: ChatList, default: () => import('./FindPage.vue') },
    props: { default: ({ params, query }) => ({ ...params, q: query.q ?? undefined }), side: false },
    meta,
  },
  {
    path: '/c/:conversationId/readers/:seq',
    name: 'readers',
    components: { side: ChatList, default: () => import('./ReadersPage.vue') },
    props: { default: true, side: false },
    meta,
  },
];
