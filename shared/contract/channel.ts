/** One way to talk, whatever carries it: WebSocket in a browser, MessagePort in Electron, memory in tests. */
export interface Channel<Out, In> {
  send(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  onClose(listener: (reason: string) => void): void;
  close(): void;
}
