import type { RouteRecordRaw } from 'vue-router';

const PeopleList = () => import('./PeopleList.vue');
const ChoosePerson = () => import('./ChoosePerson.vue');
const side = { pane: 'side', section: 'people' } as const;

export const peopleRoutes: RouteRecordRaw[] = [
  { path: '/people', name: 'people', components: { side: PeopleList, default: ChoosePerson }, meta: side },
  {
    path: '/people/requests',
    name: 'requests',
    components: { side: () => import('./RequestsList.vue'), default: ChoosePerson },
    meta: side,
  },
  {
    path: '/people/add',
    name: 'addFriend',
    components: { side: () => import('./AddFriend.vue'), default: ChoosePerson },
    meta: side,
  },
  {
    path: '/people/blocked',
    name: 'blocked',
    components: { side: () => import('./BlockedList.vue'), default: ChoosePerson },
    meta: side,
  },
  {
    path: '/people/:userId',
    name: 'card',
    components: { side: PeopleList, default: () => import('./PersonPage.vue') },
    props: { default: true, side: false },
    meta: { pane: 'main', section: 'people' },
  },
];
