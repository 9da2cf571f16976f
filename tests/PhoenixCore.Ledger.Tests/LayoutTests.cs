using System.Reflection;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Keys;
using PhoenixCore.Ledger.State;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Bytes that stand in journals and rings are where they were drawn.</summary>
public sealed unsafe class LayoutTests
{
    private const int RecordHeaderBytes = 40;

    [Fact]
    public void Every_struct_of_the_format_has_its_size()
    {
        Assert.Equal(120, sizeof(Posting));
        Assert.Equal(40, sizeof(FactHeader));
        Assert.Equal(16, sizeof(PartHeader));
        Assert.Equal(256, sizeof(Command));
        Assert.Equal(
            (40, 32, 8, 40, 16, 72),
            (sizeof(TenantCreatedBody), sizeof(AssetCreatedBody), sizeof(AssetStatusSetBody), sizeof(WalletCreatedBody), sizeof(WalletStatusSetBody), sizeof(BoundsSetBody)));
        Assert.Equal(
            (40, 56, 56, 32, 8, 8, 8),
            (sizeof(CreditedBody), sizeof(ReservedBody), sizeof(ReservationEndedBody), sizeof(LotExpiredBody), sizeof(RefusedBody), sizeof(EpochStartedBody), sizeof(AdminActedBody)));
        Assert.Equal((104, 184, 96, 64, 56), (sizeof(ReservationChangedBody), sizeof(CapturedBody), sizeof(LotUpdatedBody), sizeof(ReversedBody), sizeof(ReturnedTerms)));
        Assert.Equal((32, 256, 128, 128), (sizeof(KeyEntry), sizeof(AccountRow), sizeof(LotRow), sizeof(ReservationRow)));
        Assert.Equal((LedgerCounts.WalletBytes, LedgerCounts.AccountBytes, LedgerCounts.LotBytes, LedgerCounts.ReservationBytes), (sizeof(WalletRow), sizeof(AccountRow), sizeof(LotRow), sizeof(ReservationRow)));
    }

    [Theory]
    [InlineData(typeof(Posting), "DebitWallet 0 CreditWallet 8 DebitLot 16 CreditLot 24 DebitAccount 32 CreditAccount 36 DebitLotHandle 40 CreditLotHandle 44 Amount 48 DebitAfter 64 CreditAfter 80 DebitPrevious 96 CreditPrevious 104 Flags 112 Zero 114 Asset 116")]
    [InlineData(typeof(FactHeader), "KeyLo 0 KeyHi 8 Fingerprint 16 EventFirst 24 Events 32 Parts 34 Flags 36 Postings 38")]
    [InlineData(typeof(PartHeader), "Kind 0 Flags 2 Postings 4 Switched 6 Length 8 ExtrasBytes 12")]
    [InlineData(typeof(TenantCreatedBody), "Number 0 Flags 4 IdKey 8 HashKey 24")]
    [InlineData(typeof(AssetCreatedBody), "Code 0 Handle 16 Scale 20 FirstAccount 24")]
    [InlineData(typeof(WalletCreatedBody), "Number 0 Handle 8 Pooled 12 AliasLo 16 AliasHi 24 DefaultAsset 32")]
    [InlineData(typeof(WalletStatusSetBody), "Number 0 Handle 8 Status 12 Action 13")]
    [InlineData(typeof(BoundsSetBody), "Wallet 0 AccountNumber 8 Account 16 Flags 20 Asset 24 LotHandle 28 Floor 32 Ceiling 48 Bounds 64")]
    [InlineData(typeof(CreditedBody), "ExpiresAt 0 AttributesLo 8 AttributesHi 16 RestrictionsLo 24 RestrictionsHi 32")]
    [InlineData(typeof(ReservedBody), "Number 0 Wallet 8 Handle 16 Account 20 ExpiresAt 24 Amount 32")]
    [InlineData(typeof(ReservationEndedBody), "Number 0 Destination 8 Handle 16 Account 20 Captured 24 Returned 40")]
    [InlineData(typeof(LotExpiredBody), "Number 0 Handle 8 Account 12 Wallet 16 Asset 24")]
    [InlineData(typeof(AdminActedBody), "Action 0 Reserved 4")]
    [InlineData(typeof(MembersChangedBody), "Count 0 Flags 4 Members 8")]
    [InlineData(typeof(ReservationChangedBody), "Number 0 Wallet 8 Handle 16 Account 20 ExpiresAt 24 Amount 32 Held 48 Captured 64 Released 80 Destination 96")]
    [InlineData(typeof(CapturedBody), "Change 0 Returned 104 Taken 120 HasTerms 136 Terms 144")]
    [InlineData(typeof(LotUpdatedBody), "Number 0 Handle 8 Account 12 Source 16 SourceBefore 24 ChangeBefore 32 Wallet 40 Asset 48 Terms 56")]
    [InlineData(typeof(ReversedBody), "Original 0 Wallet 8 Other 16 Amount 24 Total 40 Asset 56")]
    [InlineData(typeof(RefusedBody), "Result 0 Kind 2 Index 4")]
    [InlineData(typeof(Command), "Kind 0 Strategy 1 Flags 2 Tenant 4 KeyLo 8 KeyHi 16 Fingerprint 24 Deadline 32 Wallet 40 Other 48 Subject 56 Amount 64 AssetCode 80 ExpiresAt 96 WalletAliasLo 104 WalletAliasHi 112 OtherAliasLo 120 OtherAliasHi 128 Extras 136 ExtrasBytes 144 ArgumentCount 148 Arguments 152 Reply 160 KeysCheckedTo 168 Ceiling 176 Inline 176")]
    public void Every_field_is_where_it_was_drawn(Type type, string expected)
    {
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(field => $"{field.Name} {field.GetCustomAttribute<FieldOffsetAttribute>()!.Value}");
        Assert.Equal(expected, string.Join(" ", fields));
    }

    [Fact]
    public void The_record_of_a_keyed_plain_transfer_with_a_reference_is_at_most_256_bytes()
    {
        using var books = new Bookshop();
        books.Credit("ann", 10);
        books.Credit("bob", 1);
        var transfer = books.Transfer("ann", "bob", 3);
        transfer->Flags |= CommandFlags.HasKey;
        transfer->KeyLo = 7;
        books.Arena.AddText(transfer, ExtraTag.Reference, "0123456789abcdef");

        var outcome = books.Run(transfer);
        Assert.Equal((LedgerResult.Accepted, OutcomeKind.Fact, PartKind.Transferred), (outcome.Result, outcome.Kind, outcome.FactKind));
        Assert.InRange(RecordHeaderBytes + outcome.FactBytes, 1, 256);
    }

    [Fact]
    public void Numbers_hold_a_sequence_of_52_bits_and_an_ordinal_of_12()
    {
        const ulong last = (1UL << 52) - 1;
        var number = Numbers.Of(last, Numbers.OrdinalMax);
        Assert.Equal(ulong.MaxValue, number);
        Assert.Equal((last, Numbers.OrdinalMax), (Numbers.SequenceOf(number), Numbers.OrdinalOf(number)));
    }
}
