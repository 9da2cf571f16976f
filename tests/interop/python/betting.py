"""The betting flow through grpcio: unary calls, then a stream of batches.

    /usr/bin/python3 betting.py <host:port> <key>

Prints "betting flow ok" and exits 0, or says what differs and exits 1. Needs grpcio, protobuf and protoc.
"""

import importlib
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import time

import grpc

PROTOS = pathlib.Path(__file__).resolve().parents[3] / "proto"


def load_messages():
    """Generates the message classes into a directory of its own."""
    target = tempfile.mkdtemp(prefix="phoenix-proto-")
    files = ["phoenix/v1/types.proto", "phoenix/v1/submit.proto", "phoenix/v1/ledger.proto"]
    subprocess.run(["protoc", f"-I{PROTOS}", f"--python_out={target}", *files], check=True)
    sys.path.insert(0, target)
    return (importlib.import_module(f"phoenix.v1.{name}_pb2") for name in ("types", "submit", "ledger"))


def check(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: {actual} and not {expected}")


def main(address, key):
    types, submit, ledger = load_messages()
    channel = grpc.insecure_channel(address)
    metadata = (("authorization", f"Bearer {key}"),)
    run = f"python-{os.getpid()}-{time.time_ns()}"

    def call(method, request, reply):
        unary = channel.unary_unary(f"/phoenix.v1.Ledger/{method}", request_serializer=type(request).SerializeToString, response_deserializer=reply.FromString)
        return unary(request, metadata=metadata, timeout=10)

    def balance(wallet):
        for row in call("GetWallet", ledger.GetWalletRequest(wallet=wallet), types.Wallet).balances:
            if row.available.asset == "USD":
                return row.available.units, row.reserved.units, row.total.units
        return 0, 0, 0

    house = balance("house_wallet")[0]
    player = call("CreateWallet", ledger.CreateWalletRequest(idempotency_key=run + "-w", external_id=run, default_asset="USD"), types.Wallet)
    call("CreateCredit", ledger.CreateCreditRequest(idempotency_key=run + "-c", wallet=player.id, amount=types.Amount(units=10000)), types.Transaction)
    check(balance(player.id), (10000, 0, 10000), "after the credit")

    stake = call("CreateReservation", ledger.CreateReservationRequest(idempotency_key=run + "-r", wallet=player.id, amount=types.Amount(units=2500)), types.Transaction)
    check(balance(player.id), (7500, 2500, 10000), "after the reservation")
    settle = ledger.CommitReservationRequest(idempotency_key=run + "-s", reservation_id=stake.resource_id, to_wallet="house_wallet")
    call("CommitReservation", settle, types.Transaction)
    check(balance(player.id), (7500, 0, 7500), "after the settlement")
    check(balance("house_wallet")[0], house + 2500, "the house after the settlement")
    reservation = call("GetReservation", ledger.GetReservationRequest(reservation_id=stake.resource_id), types.Reservation)
    check(reservation.status, types.RESERVATION_STATUS_COMMITTED, "the reservation's status")
    check(call("CommitReservation", settle, types.Transaction).duplicate, True, "the repetition")
    try:
        call("CreateDebit", ledger.CreateDebitRequest(wallet=player.id, amount=types.Amount(units=7501)), types.Transaction)
        raise AssertionError("a debit over the balance was accepted")
    except grpc.RpcError as error:
        check(error.code(), grpc.StatusCode.FAILED_PRECONDITION, "the refusal")

    requests = queue.Queue()
    stream = channel.stream_stream(
        "/phoenix.v1.Ledger/Submit", request_serializer=submit.SubmitRequest.SerializeToString, response_deserializer=submit.SubmitReply.FromString
    )
    replies = stream(iter(requests.get, None), metadata=metadata, timeout=10)

    def batch(operations):
        requests.put(submit.SubmitRequest(operations=operations))
        results = next(replies).results
        check([result.code for result in results], [submit.RESULT_CODE_ACCEPTED] * len(operations), "the results of a batch")
        return results

    stakes = batch([submit.SubmitOperation(idempotency_key=f"{run}-b{n}".encode(), reserve=submit.SubmitReserve(wallet=run, units=100)) for n in range(3)])
    batch([submit.SubmitOperation(commit=submit.SubmitCommit(reservation=stake.id, to_wallet="house_wallet")) for stake in stakes])
    requests.put(None)
    check(list(replies), [], "replies after the last batch")
    check(balance(player.id), (7200, 0, 7200), "after the batches")
    check(balance("house_wallet")[0], house + 2800, "the house after the batches")
    channel.close()
    print("betting flow ok")


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2])
    except (AssertionError, grpc.RpcError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
