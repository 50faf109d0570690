import { openWebSocketChannel } from './channel/websocket.ts';
import { mountPage } from './mount.tsx';

const element = document.getElementById('page');
// In Sidetone's own window on macOS the toolbar is the title bar: it holds the three buttons and moves the window.
if (/Macintosh.*Electron\//.test(navigator.userAgent)) document.documentElement.dataset['window'] = 'mac';
// `sidetone open FILE` names the recording in the address.
const recordingId = new URLSearchParams(location.search).get('recording') ?? undefined;
if (element !== null) mountPage(element, openWebSocketChannel, recordingId);
