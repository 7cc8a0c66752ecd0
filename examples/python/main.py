#!/usr/bin/python3
"""A machine in Python that stands trial: the frame loop around machine.py. Logs belong on stderr; stdout is for frames."""

import os
import sys
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "generated"))

from multiraft_sim.host.v1 import host_pb2 as host  # noqa: E402

import machine  # noqa: E402

PIECE = 1 << 20


def main():
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    server = Server()
    while (frame := read_frame(source)) is not None:
        request = host.Request.FromString(frame)
        for response in server.answers(request):
            write_frame(sink, response)
        sink.flush()


class Server:
    """Hosts the replicas, by instance."""

    def __init__(self):
        self.replicas = {}
        self.chunks = {}

    def answers(self, request):
        """The responses to one request: mostly one, none to a Restore that goes on."""
        response = host.Response(call=request.call, instance=request.instance)
        try:
            yield from self.fill(request, response)
        except Exception:  # Whatever it is: the harness is told, and says it to a person.
            response = host.Response(call=request.call, instance=request.instance)
            response.broke.message = traceback.format_exc()
            yield response

    def fill(self, request, response):
        kind = request.WhichOneof("request")
        if kind == "hello":
            self.welcome(request.hello, response.welcome)
        elif kind == "reset":
            self.replicas[request.instance] = machine.Machine()
            response.done.SetInParent()
        elif kind == "apply":
            self.apply(request, response.applied)
        elif kind == "query":
            try:
                response.answered.output.CopyFrom(self.replicas[request.instance].query(request.query.input))
            except machine.Failure as refused:
                put_failure(response.answered.failure, refused)
        elif kind == "save":
            yield from pieces(response, self.replicas[request.instance].snapshot())
            return
        elif kind == "restore":
            self.chunks.setdefault(request.instance, []).extend(request.restore.chunks)
            if not request.restore.last:
                return
            self.restore(request.instance, response.restored)
        else:
            raise ValueError(f"a request that nobody told this machine of: {request}")
        yield response

    def welcome(self, hello, welcome):
        if not hello.least_version <= 1 <= hello.most_version:
            raise ValueError("version 1 only")
        welcome.version = 1
        welcome.name = "a counter in Python"
        welcome.services.append("counter")
        welcome.snapshots = host.CANONICAL
        welcome.ticks = True
        welcome.window = 64

    def apply(self, request, applied):
        index = request.apply.index
        applied.index = index
        try:
            outputs = self.replicas[request.instance].apply(index, request.apply.input)
            applied.answer.outputs.extend(outputs)
            applied.answer.complete = True
        except machine.Failure as refused:
            put_failure(applied.failure, refused)

    def restore(self, instance, restored):
        restored.SetInParent()
        try:
            self.replicas[instance].restore(b"".join(self.chunks.pop(instance)))
        except machine.Refused as refused:
            restored.refused = True
            restored.message = str(refused)


def put_failure(failure, refused):
    failure.status = refused.status
    failure.message = refused.message


def pieces(response, data):
    """A saved state, in as many responses as it takes."""
    for at in range(0, max(1, len(data)), PIECE):
        piece = host.Response(call=response.call, instance=response.instance)
        piece.saved.data = data[at : at + PIECE]
        piece.saved.last = at + PIECE >= len(data)
        yield piece


def read_frame(source):
    """The next message's bytes; None at the end of the input."""
    length = shift = 0
    while True:
        byte = source.read(1)
        if not byte:
            return None
        length |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            break
    frame = source.read(length)
    return frame if len(frame) == length else None


def write_frame(sink, response):
    data = response.SerializeToString()
    length = len(data)
    prefix = bytearray()
    while length > 0x7F:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    prefix.append(length)
    sink.write(bytes(prefix) + data)


if __name__ == "__main__":
    main()
