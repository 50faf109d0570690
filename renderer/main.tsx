import { openWebSocketChannel } from './channel/websocket.ts';
import { mountPage } from './mount.tsx';

const element = document.getElementById('page');
// `sidetone open FILE` names the recording in the address.
const recordingId = new URLSearchParams(location.search).get('recording') ?? undefined;
if (element !== null) mountPage(element, openWebSocketChannel, recordingId);
