import { openWebSocketChannel } from './channel/websocket.ts';
import { mountPage } from './mount.tsx';

const element = document.getElementById('page');
if (element !== null) mountPage(element, openWebSocketChannel);
