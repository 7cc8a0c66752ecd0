"""A state machine with sessions and one kind of service, the counter. Everything that makes a command run exactly once is
here, and nothing of the process around it: main.py has that. One Machine is one replica; it knows no clock but its entries."""

import zlib

from atomix.multiraft.v1 import fsm_pb2 as fsm
from google.protobuf.message import DecodeError
from multiraft_sim.counter.v1 import counter_pb2 as counter

import input_filter

OK = fsm.OperationOutput.OK
CANCELED = fsm.OperationOutput.CANCELED
NOT_FOUND = fsm.OperationOutput.NOT_FOUND
FORBIDDEN = fsm.OperationOutput.FORBIDDEN
CONFLICT = fsm.OperationOutput.CONFLICT
INVALID = fsm.OperationOutput.INVALID
NOT_SUPPORTED = fsm.OperationOutput.NOT_SUPPORTED

SECOND = 10**9
# No input makes apply do unbounded work.
MOST_LISTED = 65_536


class Failure(Exception):
    """A refusal that is never numbered and never remembered."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


class Refused(Exception):
    """A saved state that is not taken over."""


class Session:
    def __init__(self, timeout, last_updated):
        self.timeout = timeout
        self.last_updated = last_updated
        # Up to here every number was decided about: run, given up, or listed.
        self.mark = 0
        # Numbers up to the mark that are known to be open and never arrived.
        self.listed = set()
        # By number, the commands that ran and were not forgotten.
        self.commands = {}

    @property
    def deadline(self):
        return self.last_updated + self.timeout


class Command:
    def __init__(self, given, outputs):
        self.input = given
        # Those that the client has not acknowledged.
        self.outputs = outputs


class Counter:
    def __init__(self, spec):
        self.spec = spec
        self.value = 0
        # Ids of the sessions that have it open.
        self.sessions = set()


class Machine:
    def __init__(self):
        self.index = 0
        # Log time, in nanoseconds since the epoch.
        self.time = 0
        self.sessions = {}
        self.services = {}

    # --- the four calls

    def apply(self, index, data):
        """The outputs of an entry; raises a Failure."""
        self.index = index
        entry = fsm.CommandInput()
        try:
            entry.ParseFromString(data)
        except DecodeError:
            raise Failure(INVALID, "the entry is no CommandInput") from None
        self.advance(entry)
        output = fsm.CommandOutput(index=index)
        kind = entry.WhichOneof("input")
        if kind == "open_session":
            output.open_session.session_id = self.open_session(entry.open_session)
        elif kind == "keep_alive":
            self.keep_alive(entry.keep_alive)
            output.keep_alive.SetInParent()
        elif kind == "close_session":
            self.session(entry.close_session.session_id)
            self.end(entry.close_session.session_id)
            output.close_session.SetInParent()
        elif kind == "session_command":
            return self.session_command(entry.session_command, output)
        return [output]

    def query(self, query):
        """The output of a query; raises a Failure."""
        if query.WhichOneof("input") is None:
            raise Failure(INVALID, "a query without input")
        asked = query.session_query
        self.session(asked.session_id)
        if asked.WhichOneof("input") is None:
            raise Failure(INVALID, "a session query without input")
        output = fsm.QueryOutput()
        answer = output.session_query.service_query.operation
        answer.CopyFrom(self.read(asked.session_id, asked.service_query))
        return output

    def snapshot(self):
        payload = self.saved().SerializeToString()
        header = b"MRSN" + (1).to_bytes(2, "big") + bytes(2) + len(payload).to_bytes(8, "big")
        return header + zlib.crc32(payload).to_bytes(4, "big") + payload

    def restore(self, data):
        """Takes a saved state over, all of it; raises Refused, and is then what it was."""
        self.__dict__ = loaded(data).__dict__

    # --- log time

    def advance(self, entry):
        """Log time moves to the entry's, never back; whoever's deadline it reaches is dead before the input is looked at."""
        stamp = entry.timestamp
        if entry.HasField("timestamp") and 0 <= stamp.seconds <= 253_402_300_799 and 0 <= stamp.nanos < SECOND:
            self.time = max(self.time, stamp.seconds * SECOND + stamp.nanos)
        due = [(session.deadline, number) for number, session in self.sessions.items() if session.deadline <= self.time]
        for _, number in sorted(due):
            self.end(number)

    # --- sessions

    def session(self, number):
        if number not in self.sessions:
            raise Failure(NOT_FOUND, f"no session {number}")
        return self.sessions[number]

    def open_session(self, given):
        timeout = nanos_of(given.timeout) if given.HasField("timeout") else None
        if timeout is None or timeout <= 0:
            raise Failure(INVALID, "a session needs a time-out greater than 0")
        self.sessions[self.index] = Session(timeout, self.time)
        return self.index

    def end(self, number):
        del self.sessions[number]
        for service in self.services.values():
            service.sessions.discard(number)

    def keep_alive(self, given):
        session = self.session(given.session_id)
        open_numbers = input_filter.decode(given.input_filter)
        if open_numbers is None:
            raise Failure(INVALID, "the filter does not decode")
        last = given.last_input_sequence_num
        arrived = sum(1 for number in session.commands if session.mark < number <= last)
        if last - session.mark - arrived > MOST_LISTED:
            raise Failure(INVALID, "too many numbers that never arrived")
        listed = {number for number in session.listed if number > last or number in open_numbers}
        if not open_numbers.empty:
            covered = range(session.mark + 1, last + 1)
            listed |= {n for n in covered if n not in session.commands and n in open_numbers}
        if len(listed) > MOST_LISTED:
            raise Failure(INVALID, "too many numbers are open that never arrived")
        for number in sorted(n for n in session.commands if n <= last):
            command = session.commands[number]
            if number not in open_numbers:
                del session.commands[number]
            else:
                received = given.last_output_sequence_nums.get(number, 0)
                command.outputs = [output for output in command.outputs if output.sequence_num > received]
        session.listed = listed
        session.mark = max(session.mark, last)
        session.last_updated = self.time

    # --- commands: exactly once

    def session_command(self, given, output):
        session = self.session(given.session_id)
        kind = given.WhichOneof("input")
        if kind == "create_service":
            made = self.create_service(given.session_id, given.create_service.spec)
            output.session_command.create_service.service_id = made
        elif kind == "close_service":
            self.close_service(given.session_id, given.close_service.service_id)
            output.session_command.close_service.SetInParent()
        elif kind == "service_command":
            outputs = self.once(session, given.session_id, given.service_command)
            return self.numbered(outputs)
        else:
            raise Failure(INVALID, "a session command without input")
        return [output]

    def once(self, session, session_id, given):
        """The outputs of a command that were not acknowledged. It runs if it never did, and was never given up."""
        number = given.sequence_num
        if number == 0:
            raise Failure(INVALID, "commands count from 1")
        command = session.commands.get(number)
        if command is None:
            if number <= session.mark and number not in session.listed:
                raise Failure(CANCELED, f"command {number} was forgotten")
            session.listed.discard(number)
            answer = self.run(session_id, given)
            command = Command(given, [fsm.ServiceCommandOutput(sequence_num=1, operation=answer)])
            session.commands[number] = command
        elif command.input != given:
            raise Failure(CONFLICT, f"command {number} was another one")
        return command.outputs

    def numbered(self, outputs):
        each = []
        for one in outputs:
            out = fsm.CommandOutput(index=self.index)
            out.session_command.service_command.CopyFrom(one)
            each.append(out)
        return each

    # --- services

    def create_service(self, session_id, spec):
        if spec.service != "counter":
            raise Failure(NOT_SUPPORTED, f"no service {spec.service!r}")
        for number, service in self.services.items():
            if (service.spec.namespace, service.spec.name) == (spec.namespace, spec.name):
                service.sessions.add(session_id)
                return number
        self.services[self.index] = Counter(spec)
        self.services[self.index].sessions.add(session_id)
        return self.index

    def close_service(self, session_id, number):
        if number not in self.services:
            raise Failure(NOT_FOUND, f"no service {number}")
        self.services[number].sessions.discard(session_id)

    def open_in(self, session_id, number):
        """The service, or the answer that says why not."""
        service = self.services.get(number)
        if service is None:
            return None, refusal(NOT_FOUND, f"no service {number}")
        if session_id not in service.sessions:
            return None, refusal(FORBIDDEN, f"service {number} is not open in session {session_id}")
        return service, None

    def run(self, session_id, given):
        service, refused = self.open_in(session_id, given.service_id)
        if refused is not None:
            return refused
        name, payload = given.operation.name, given.operation.payload
        value = service.value
        try:
            if name == "Set":
                value = counter.SetInput.FromString(payload).value
            elif name == "CompareAndSet":
                asked = counter.CompareAndSetInput.FromString(payload)
                if asked.expect != value:
                    return refusal(CONFLICT, f"the counter is at {value}")
                value = asked.update
            elif name in ("Increment", "Decrement"):
                asked = (counter.IncrementInput if name == "Increment" else counter.DecrementInput).FromString(payload)
                delta = asked.delta if asked.HasField("delta") else 1
                value = wrapped(value + delta if name == "Increment" else value - delta)
            else:
                return refusal(NOT_SUPPORTED, f"a counter has no {name!r}")
        except DecodeError:
            return refusal(INVALID, f"the payload is no input of {name}")
        service.value = value
        return answer_of(value)

    def read(self, session_id, given):
        service, refused = self.open_in(session_id, given.service_id)
        if refused is not None:
            return refused
        if given.operation.name != "Get":
            return refusal(NOT_SUPPORTED, f"nobody can ask a counter for {given.operation.name!r}")
        try:
            counter.GetInput.FromString(given.operation.payload)
        except DecodeError:
            return refusal(INVALID, "the payload is no input of Get")
        return answer_of(service.value)

    # --- the saved state

    def saved(self):
        state = fsm.PartitionSnapshot(index=self.index)
        put_time(state.timestamp, self.time)
        for number, session in sorted(self.sessions.items()):
            record = state.sessions.add(session_id=number)
            record.timeout.seconds, record.timeout.nanos = divmod(session.timeout, SECOND)
            put_time(record.last_updated, session.last_updated)
            # At equal numbers: listed, the mark, the command.
            rows = [(listed, 0, None) for listed in session.listed]
            rows += [(session.mark, 1, None)] if session.mark else []
            rows += [(at, 2, command) for at, command in session.commands.items()]
            for at, rank, command in sorted(rows, key=lambda row: row[:2]):
                row = record.commands.add(command_sequence_num=at)
                row.state = fsm.COMMAND_OPEN if rank == 0 else fsm.COMMAND_COMPLETE
                if command is not None:
                    row.input.CopyFrom(command.input)
                    row.pending_outputs.extend(command.outputs)
        for number, service in sorted(self.services.items()):
            record = state.services.add(service_id=number, sessions=sorted(service.sessions))
            record.spec.CopyFrom(service.spec)
            record.data = counter.CounterState(value=service.value).SerializeToString()
        return state


def loaded(data):
    """The machine whose saved state this is. It is saved again for comparison: so anything out of place is refused."""
    if len(data) < 20 or data[:8] != b"MRSN\0\1\0\0":
        raise Refused("no envelope of version 1")
    payload = data[20:]
    if int.from_bytes(data[8:16], "big") != len(payload):
        raise Refused("another length than the envelope says")
    if int.from_bytes(data[16:20], "big") != zlib.crc32(payload):
        raise Refused("another checksum than the envelope says")
    try:
        state = fsm.PartitionSnapshot.FromString(payload)
        machine = Machine()
        machine.index = state.index
        machine.time = state.timestamp.seconds * SECOND + state.timestamp.nanos
        for record in state.sessions:
            machine.sessions[record.session_id] = loaded_session(record)
        for record in state.services:
            if record.spec.service != "counter":
                raise Refused(f"a service of an unknown kind, {record.spec.service!r}")
            service = Counter(record.spec)
            service.value = counter.CounterState.FromString(record.data).value
            service.sessions = set(record.sessions)
            if not service.sessions <= machine.sessions.keys():
                raise Refused("a service is open in a session that is not there")
            machine.services[record.service_id] = service
    except DecodeError:
        raise Refused("the payload is no PartitionSnapshot") from None
    if machine.saved().SerializeToString() != payload:
        raise Refused("the state is not in its canonical form")
    return machine


def loaded_session(record):
    session = Session(nanos_of(record.timeout), record.last_updated.seconds * SECOND + record.last_updated.nanos)
    for row in record.commands:
        number = row.command_sequence_num
        if number == 0:
            raise Refused("a record of number 0")
        if row.HasField("input"):
            # A counter's commands are never open.
            if row.state != fsm.COMMAND_COMPLETE or row.input.sequence_num != number:
                raise Refused(f"command {number} contradicts itself")
            if [output.sequence_num for output in row.pending_outputs] not in ([], [1]):
                raise Refused(f"the outputs of command {number} are not consecutive")
            session.commands[number] = Command(row.input, list(row.pending_outputs))
        elif row.state == fsm.COMMAND_OPEN:
            session.listed.add(number)
        elif session.mark:
            raise Refused("two marks")
        else:
            session.mark = number
    if any(number > session.mark or number in session.commands for number in session.listed):
        raise Refused("a listed number above the mark, or remembered")
    return session


def nanos_of(span):
    """A Duration in nanoseconds; None where protobuf does not allow it."""
    if abs(span.seconds) > 315_576_000_000 or abs(span.nanos) >= SECOND or span.seconds * span.nanos < 0:
        return None
    return span.seconds * SECOND + span.nanos


def put_time(stamp, nanos):
    stamp.SetInParent()
    stamp.seconds, stamp.nanos = divmod(nanos, SECOND)


def wrapped(value):
    """As an int64 has it."""
    return (value + 2**63) % 2**64 - 2**63


def answer_of(value):
    return fsm.OperationOutput(status=OK, payload=counter.CounterOutput(value=value).SerializeToString())


def refusal(status, message):
    return fsm.OperationOutput(status=status, message=message)
