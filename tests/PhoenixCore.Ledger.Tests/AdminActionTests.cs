using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>What operators do to a tenant is written down and moves nothing.</summary>
public sealed unsafe class AdminActionTests
{
    [Fact]
    public void An_admin_action_is_a_fact_and_a_replay_knows_the_tenants_status()
    {
        using var books = new Bookshop();
        books.Credit("ann", 10);
        var suspended = new List<bool>();
        foreach (var action in new[] { AdminAction.TenantSuspended, AdminAction.KeyCreated, AdminAction.TenantResumed, AdminAction.TenantSuspended })
        {
            var command = books.New(CommandKind.RecordAdminAction);
            command->Subject = (ulong)action;
            books.Accept(command);
            fixed (byte* payload = books.LastFact.Bytes)
            {
                var part = new FactParts(payload).First;
                Assert.Equal((PartKind.AdminActed, action, 0), (part.Kind, part.Body<AdminActedBody>().Action, part.Postings.Length));
            }

            suspended.Add(IsSuspended(books));
        }

        Assert.Equal([true, true, false, true], suspended);
        Assert.Equal((10, 0), books.Balance("ann"));
        using var replayed = books.Rig.Replay();
        Assert.Equal(books.Rig.Ledger.Digest(), replayed.Digest());
    }

    [Fact]
    public void Only_a_suspended_tenant_is_erased_and_only_once_and_a_replay_knows_it()
    {
        using var books = new Bookshop();
        books.Refuse(LedgerResult.TenantNotSuspended, Action(books, AdminAction.TenantErased));
        books.Accept(Action(books, AdminAction.TenantSuspended));
        books.Accept(Action(books, AdminAction.TenantErased));
        foreach (var action in new[] { AdminAction.TenantErased, AdminAction.TenantResumed, AdminAction.TenantSuspended, AdminAction.KeyCreated, AdminAction.KeyRotated }) books.Refuse(LedgerResult.TenantErased, Action(books, action));
        foreach (var action in new[] { AdminAction.KeyRevoked, AdminAction.TenantExported }) books.Accept(Action(books, action));
        Assert.Equal(AdminActedBody.Suspended | AdminActedBody.Erased, FlagsOf(books) & (AdminActedBody.Suspended | AdminActedBody.Erased));
        using var replayed = books.Rig.Replay();
        Assert.Equal(books.Rig.Ledger.Digest(), replayed.Digest());
    }

    [Fact]
    public void An_action_on_a_tenant_that_is_not_there_is_refused()
    {
        using var books = new Bookshop();
        var command = books.New(CommandKind.RecordAdminAction);
        command->Tenant = 7;
        books.Refuse(LedgerResult.TenantNotFound, command);
    }

    private static Command* Action(Bookshop books, AdminAction action)
    {
        var command = books.New(CommandKind.RecordAdminAction);
        command->Subject = (ulong)action;
        return command;
    }

    private static bool IsSuspended(Bookshop books) => (FlagsOf(books) & AdminActedBody.Suspended) != 0;

    private static uint FlagsOf(Bookshop books)
    {
        Assert.Equal(LedgerResult.Accepted, books.Rig.Read(books.New(CommandKind.ReadTenant), books.Now, out var answer));
        return MemoryMarshal.Read<TenantView>(answer).Flags;
    }
}
