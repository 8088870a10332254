"""The network between workers and servers: relays on the loopback, slowed or cut at will."""

import asyncio
import threading
from collections.abc import Mapping

CHUNK = 65_536


class Network(threading.Thread):
    """Relays ports to ports. `delay` holds up every piece, in seconds; `cut` lets nothing pass."""

    def __init__(self, ports: Mapping[int, int]) -> None:
        super().__init__(name="network", daemon=True)
        self.delay = 0.0
        self._ports = dict(ports)
        self._is_cut = False
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()

    def start(self) -> None:
        """Returns when every port listens."""
        super().start()
        assert self._listening.wait(10), "the network does not listen"

    def run(self) -> None:
        """Relays until stopped."""
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._listening.set()
        self._loop.run_forever()

    def lead(self, port: int, to: int) -> None:
        """Relay new connections elsewhere; open ones stay where they are."""
        self._ports[port] = to

    def cut(self) -> None:
        """Ends every connection; new ones are ended too."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._end_all)

    def mend(self) -> None:
        """Lets everything pass again, at once."""
        self._is_cut, self.delay = False, 0.0

    def stop(self) -> None:
        """Ends the thread."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.join(10)

    def _end_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _listen(self) -> None:
        for port in self._ports:
            await asyncio.start_server(self._relay(port), "127.0.0.1", port)

    def _relay(self, port: int):  # noqa: ANN202  asyncio's callback
        async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if self._is_cut:
                writer.transport.abort()
                return
            try:
                there, onward = await asyncio.open_connection("127.0.0.1", self._ports[port])
            except OSError:
                writer.transport.abort()
                return
            await asyncio.gather(self._pass(reader, onward), self._pass(there, writer))

        return relay

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while piece := await reader.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()
