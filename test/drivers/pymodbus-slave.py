#!/usr/bin/python3
"""Modbus RTU boards by pymodbus 3.8 (Debian): `pymodbus-slave.py PLAN PATH…`. It shares nothing with our code.

PLAN is a JSON file with one list of boards for each serial path. A board: {"unit", "values": {function: {address: value}}, "missing":
[{"function", "address", "quantity", "how"}], "apart": [the same], "turns": {"function", "address"}}. What is missing is refused with the
exception `how`, or not answered when `how` is 0; so is a read of all that is `apart`. The register that `turns` reads as one more from the
second time on. Prints `ready`, then answers until it is killed.
"""
import asyncio
import json
import logging
import sys

from pymodbus.datastore import ModbusBaseSlaveContext, ModbusServerContext
from pymodbus.exceptions import NoSuchSlaveException
from pymodbus.pdu import ExceptionResponse
from pymodbus.server import ModbusSerialServer

logging.disable(logging.CRITICAL)
NO_SUCH_ADDRESS = 2


class Refusal(Exception):
    """Becomes an exception answer on its way out."""


class Board(ModbusBaseSlaveContext):
    def __init__(self, board, line):
        self.board, self.line, self.reads = board, line, 0

    def validate(self, fc_as_hex, address, count=1):
        return True

    def how(self, function, address, count):
        """0: silence; an exception; None: it is answered."""
        last = address + count - 1
        for each in self.board.get("missing", []):
            if each["function"] == function and each["address"] <= last and address < each["address"] + each["quantity"]:
                return each["how"]
        for each in self.board.get("apart", []):
            if each["function"] == function and address <= each["address"] and last >= each["address"] + each["quantity"] - 1:
                return each["how"]
        known = self.board["values"].get(str(function), {})
        return None if all(str(at) in known for at in range(address, last + 1)) else NO_SUCH_ADDRESS

    def getValues(self, fc_as_hex, address, count=1):
        how = self.how(fc_as_hex, address, count)
        if how == 0:
            raise NoSuchSlaveException()
        if how is not None:
            self.line["refusal"] = (fc_as_hex, how)
            raise Refusal()
        known = self.board["values"][str(fc_as_hex)]
        values = [known[str(at)] for at in range(address, address + count)]
        turns = self.board.get("turns")
        if turns and turns["function"] == fc_as_hex and turns["address"] == address:
            self.reads += 1
            values[0] += 1 if self.reads > 1 else 0
        return [bool(value) for value in values] if fc_as_hex <= 2 else values


async def serve(path, boards):
    line = {}

    def trace(sending, pdu):
        if not (sending and "refusal" in line):
            return pdu
        function, how = line.pop("refusal")
        return ExceptionResponse(function, how, slave=pdu.dev_id, transaction=pdu.transaction_id)

    context = ModbusServerContext({board["unit"]: Board(board, line) for board in boards}, single=False)
    server = ModbusSerialServer(context, port=path, baudrate=115200, ignore_missing_slaves=True, trace_pdu=trace)
    await server.serve_forever(background=True)
    return server


async def main():
    with open(sys.argv[1]) as file:
        plan = json.load(file)
    servers = [await serve(path, boards) for path, boards in zip(sys.argv[2:], plan)]
    print("ready", flush=True)
    await servers[0].serving


asyncio.run(main())
