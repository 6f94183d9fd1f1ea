import { watchFetch } from './canary-watch.ts';

watchFetch();
