#!/usr/bin/env python3
"""A proxy that hands each request on after a delay, as a distant server would answer. Usage: late.py PORT BEHIND SECONDS"""
import asyncio
import sys


async def answer(reader, writer, behind, delay_s):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(delay_s)
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", behind)
            inner_writer.write(head.replace(b"Connection: keep-alive\r\n", b"").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            writer.write((await inner_reader.read(-1)).replace(b"Connection: close\r\n", b"", 1))
            inner_writer.close()
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(port, behind, delay_s):
    server = await asyncio.start_server(lambda reader, writer: answer(reader, writer, behind, delay_s), "0.0.0.0", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
