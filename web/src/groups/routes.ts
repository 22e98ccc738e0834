import type { Component } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import ChatList from '../conversations/ChatList.vue';
import ChooseChat from '../conversations/ChooseChat.vue';

const screen = (name: string, path: string, load: () => Promise<Component>): RouteRecordRaw => ({
  path: `/g/:groupId${path}`,
  name,
  components: { side: ChatList, default: load },
  props: { default: true, side: false },
  meta: { pane: 'main', section: 'chats' },
});

export const groupRoutes: RouteRecordRaw[] = [
  {
    path: '/new/group',
    name: 'newGroup',
    components: { side: () => import('./NewGroup.vue'), default: ChooseChat },
    meta: { pane: 'side', section: 'chats' },
  },
  screen('group', '', () => import('./GroupPage.vue')),
  screen('members', '/members', () => import('./MembersPage.vue')),
  screen('addMembers', '/add', () => import('./AddMembersPage.vue')),
  screen('groupRequests', '/requests', () => import('./GroupRequestsPage.vue')),
  screen('bans', '/bans', () => import('./BansPage.vue')),
];
