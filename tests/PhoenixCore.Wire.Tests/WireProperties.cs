using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Submit;
using PhoenixCore.Shard.Calls;
using Xunit;
using SubmitCase = PhoenixCore.Contracts.V1.SubmitOperation.OperationOneofCase;

namespace PhoenixCore.Wire.Tests;

/// <summary>The hand-written decoder against the generated parser and the long way from a message to a command.</summary>
public sealed unsafe class WireProperties(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 200_000 : 1_000);
    private static readonly int[] SegmentSizes = [1, 2, 3, 4, 5, 7, 8, 13, 16, 31, 64, 100, 1_000, 4_096];

    [Fact]
    public void Every_message_becomes_the_commands_that_its_generated_objects_become()
    {
        using var batch = new SubmitBatch(fixture.Server.Shard);
        Check.One(Runs, Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var request = new MessageGen(seed).Request();
            batch.Clear();
            Assert.Null(SubmitDecoder.Decode(new ReadOnlySequence<byte>(request.ToByteArray()), batch, fixture.Server.Tenant, 0, 0));
            AssertSame(request, batch);
        }));
    }

    [Fact]
    public void Where_the_bytes_are_cut_into_segments_makes_no_difference()
    {
        using var batch = new SubmitBatch(fixture.Server.Shard);
        Check.One(Runs.WithMaxTest(100), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var request = new MessageGen(seed).Request();
            foreach (var size in SegmentSizes)
            {
                batch.Clear();
                Assert.Null(SubmitDecoder.Decode(Segment.Cut(request.ToByteArray(), size), batch, fixture.Server.Tenant, 0, 0));
                AssertSame(request, batch);
            }
        }));
    }

    [Fact]
    public void Damaged_bytes_never_crash_it_and_it_accepts_nothing_that_the_generated_parser_refuses()
    {
        using var batch = new SubmitBatch(fixture.Server.Shard);
        var (both, stricter) = (0, 0);
        Check.One(Runs.WithMaxTest(20 * Runs.MaxTest), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var gen = new MessageGen(seed);
            var bytes = gen.Mutate(gen.Request().ToByteArray());
            batch.Clear();
            var accepted = SubmitDecoder.Decode(new ReadOnlySequence<byte>(bytes), batch, fixture.Server.Tenant, 0, 0) is null;
            if (!accepted)
            {
                stricter++;
                return;
            }

            AssertSame(SubmitRequest.Parser.ParseFrom(bytes), batch); // throws when the parser refuses
            both++;
        }));
        Assert.True(both > 100 && stricter > 100, $"accepted {both}, refused {stricter}: the mutations no longer reach both sides");
    }

    private static OperationRequest Long(SubmitOperation operation)
    {
        var key = operation.IdempotencyKey.IsEmpty ? null : operation.IdempotencyKey.ToStringUtf8();
        var request = new OperationRequest { Key = key, Reference = Given(operation.Reference) };
        switch (operation.OperationCase)
        {
            case SubmitCase.Transfer:
                Set(request, CommandKind.CreateTransfer, operation.Transfer.FromWallet, operation.Transfer.ToWallet, operation.Transfer.Asset, operation.Transfer.Selection);
                return Amount(request, operation.Transfer.Units, operation.Transfer.UnitsHigh);
            case SubmitCase.Reserve:
                Set(request, CommandKind.CreateReservation, operation.Reserve.Wallet, "", operation.Reserve.Asset, operation.Reserve.Selection);
                request.ExpiresAt = operation.Reserve.ExpiresAtUnixNs;
                return Amount(request, operation.Reserve.Units, operation.Reserve.UnitsHigh);
            case SubmitCase.Commit:
                Set(request, CommandKind.CommitReservation, "", operation.Commit.ToWallet, "", default);
                request.Reservation = Given(operation.Commit.Reservation);
                return operation.Commit is { Units: 0, UnitsHigh: 0 } ? request : Amount(request, operation.Commit.Units, operation.Commit.UnitsHigh);
            case SubmitCase.Release:
                request.Kind = CommandKind.ReleaseReservation;
                request.Reservation = Given(operation.Release.Reservation);
                return request;
            case SubmitCase.Credit:
                Set(request, CommandKind.CreateCredit, operation.Credit.Wallet, "", operation.Credit.Asset, default);
                request.ExpiresAt = operation.Credit.ExpiresAtUnixNs;
                return Amount(request, operation.Credit.Units, operation.Credit.UnitsHigh);
            default:
                Set(request, CommandKind.CreateDebit, operation.Debit.Wallet, "", operation.Debit.Asset, operation.Debit.Selection);
                return Amount(request, operation.Debit.Units, operation.Debit.UnitsHigh);
        }
    }

    /// <summary>The texts in clear, behind the hash of the reference; the nonce, which is another each time, left out.</summary>
    private string Opened(ReadOnlySpan<byte> texts)
    {
        if (texts.IsEmpty) return "";
        Assert.True(TextCipher.TryReadHash(texts, out var hash));
        var open = texts.ToArray();
        TextCipher.Open(open, fixture.Server.Tenant.Texts);
        return $"{hash:x} {Convert.ToHexString(open.AsSpan(TextCipher.RoomBytes))}";
    }

    private static string? Given(string text) => text.Length == 0 ? null : text;

    private static void Set(OperationRequest request, CommandKind kind, string wallet, string to, string asset, LotSelection selection) =>
        (request.Kind, request.Wallet, request.Destination, request.Asset, request.Strategy) =
        (kind, Given(wallet), Given(to), Given(asset), selection switch { LotSelection.Unspecified => SelectionStrategy.Fifo, LotSelection.Fifo => SelectionStrategy.ExplicitFifo, _ => (SelectionStrategy)(selection - 1) });

    private static OperationRequest Amount(OperationRequest request, ulong units, long high)
    {
        request.Amount = AmountInput.OfUnits(new Int128(unchecked((ulong)high), units));
        return request;
    }

    private void AssertSame(SubmitRequest request, SubmitBatch batch)
    {
        Assert.Equal((request.Operations.Count, request.Atomic, request.WantIds), (batch.Operations.Count, batch.IsAtomic, batch.WantIds));
        Assert.Equal(request.TimeoutMs * 1_000_000L, batch.Deadline);
        for (var i = 0; i < request.Operations.Count; i++) AssertSame(request.Operations[i], batch.Operations[i], request.Atomic ? 0 : batch.Deadline);
        if (request.Atomic && !request.IdempotencyKey.IsEmpty) Assert.Equal(fixture.Server.Tenant.Hash(request.IdempotencyKey.Span), (batch.Whole[0]->KeyLo, batch.Whole[0]->KeyHi));
    }

    private void AssertSame(SubmitOperation operation, Command* actual, long deadline)
    {
        var call = fixture.Server.Shard.Rent();
        var request = Long(operation);
        CommandBuilder.Fill(call.Command, fixture.Server.Tenant, request, new RequestUnits(request.Amount.Units, 0, 0), call);
        var expected = *call.Command;
        if (request.Key is not null) (expected.KeyLo, expected.KeyHi) = fixture.Server.Tenant.Hash(operation.IdempotencyKey.Span); // raw bytes are no text
        else expected.Fingerprint = actual->Fingerprint; // only an atomic batch looks at it: its own test
        expected.Deadline = deadline;
        var texts = new ReadOnlySpan<byte>(expected.Extras != null ? expected.Extras : expected.Inline, expected.ExtrasBytes);
        var actualTexts = new ReadOnlySpan<byte>(actual->Extras != null ? actual->Extras : actual->Inline, actual->ExtrasBytes);
        Assert.Equal(Opened(texts), Opened(actualTexts));
        Assert.Equal(expected.Extras != null, actual->Extras != null);
        if (expected.Extras == null) actualTexts.CopyTo(new Span<byte>(expected.Inline, Command.InlineBytesMax)); // enciphered, so different each time
        expected.Reply = actual->Reply;
        expected.Extras = actual->Extras;
        Assert.True(new ReadOnlySpan<byte>(&expected, Command.SizeBytes).SequenceEqual(new ReadOnlySpan<byte>(actual, Command.SizeBytes)), operation.ToString());
        call.Return();
    }
}
