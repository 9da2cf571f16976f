using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>All that a tenant has, as lines of JSON: its transactions with their entries from the first one on, then its assets and wallets as they are.</summary>
/// <remarks>The last line counts the others and has the SHA-256 of their bytes. An export that has no such line was broken off.</remarks>
internal sealed class ExportHandlers(Administration administration, CommandRunner runner, LedgerShard shard)
{
    private const int FlushBytes = 65_536;
    private const int PageRows = 100;

    public IEnumerable<Route> Routes => [new("GET", "/tenants/{tenant}/export", Scope.Admin, ExportAsync, NeedsKey: false)];

    private async ValueTask ExportAsync(RestCall call)
    {
        var tenant = administration.Find(call.Parameters[0]);
        await administration.NoteExportAsync(tenant, new AdminRequest(call.Caller, call.Query("reason"), null));
        var response = call.Http.Response;
        response.ContentType = "application/x-ndjson";
        response.Headers.CacheControl = "no-store";
        await response.StartAsync(call.Http.RequestAborted);
        try
        {
            await new Export(call, tenant, runner, shard).RunAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            call.Http.Abort(); // the last line is missing, and now the connection says so too
            throw;
        }
    }

    /// <summary>One export on its way out. A slow reader holds up only itself.</summary>
    private sealed class Export(RestCall call, TenantContext tenant, CommandRunner runner, LedgerShard shard)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly ArrayBufferWriter<byte> _fact = new(1_024);
        private readonly Dictionary<string, long> _counts = new() { ["transaction"] = 0, ["asset"] = 0, ["wallet"] = 0 };
        private int _unflushed;

        private CancellationToken Ends => call.Http.RequestAborted;

        public async Task RunAsync()
        {
            using var hash = _hash;
            var through = shard.History.LastSequence;
            await WriteTransactionsAsync(through);
            await WriteAssetsAsync();
            await WriteWalletsAsync();
            var digest = Convert.ToHexStringLower(_hash.GetHashAndReset());
            var counts = string.Join(',', _counts.Select(count => $"\"{count.Key}s\":{count.Value.ToString(CultureInfo.InvariantCulture)}"));
            await WriteAsync(Encoding.UTF8.GetBytes($"{{\"type\":\"end\",\"tenant\":\"{tenant.Name}\",{counts},\"sha256\":\"{digest}\"}}\n"));
            await call.Http.Response.BodyWriter.FlushAsync(Ends);
        }

        private async Task WriteTransactionsAsync(ulong through)
        {
            using var cursor = shard.History.OpenCursor(shard.History.FirstSequence);
            while (cursor.MoveNext() && cursor.Header.Sequence <= through)
            {
                if (cursor.Header.Tenant != tenant.Number) continue;
                _fact.ResetWrittenCount();
                if (!shard.Facts.TryRead(cursor.Header.Sequence, _fact, out var context)) throw new InvariantBrokenException("a durable fact cannot be read again");
                if (!IsTransaction(_fact.WrittenSpan)) continue;
                await runner.Scope.KnowAssetsAsync(tenant, _fact.WrittenSpan);
                await WriteAsync("transaction", body => WriteTransaction(body, context));
            }
        }

        private unsafe void WriteTransaction(JsonBody body, FactContext context)
        {
            fixed (byte* payload = _fact.WrittenSpan) TransactionJson.Write(body, runner.Scope, tenant, new FactParts(payload), context);
        }

        /// <summary>Refusals and what operators did are no transactions.</summary>
        private static unsafe bool IsTransaction(ReadOnlySpan<byte> fact)
        {
            fixed (byte* payload = fact) return new FactParts(payload).First.Kind is not (PartKind.Refused or PartKind.KeyClosed or PartKind.AdminActed or PartKind.EpochStarted or PartKind.MembersChanged);
        }

        private async Task WriteAssetsAsync()
        {
            var reads = new StateReads(shard);
            for (ulong after = 0; ;)
            {
                var (_, rows) = await reads.AskAsync(tenant, new StateQuestion(CommandKind.ListAssets, Number: after, Subject: PageRows), Ends);
                var assets = ReadRows.All<AssetView>(rows).ToArray();
                foreach (var asset in assets) await WriteAsync("asset", body => AssetJson.Write(body, runner.Scope, tenant, asset, asset.Active));
                if (assets.Length < PageRows) return;
                after = (ulong)assets[^1].Handle;
            }
        }

        private async Task WriteWalletsAsync()
        {
            for (ulong after = 0; ;)
            {
                var (rows, next) = await runner.History.Wallets.ListAsync(tenant, new WalletFilter(null, null, IncludeSystem: true), after, PageRows, Ends);
                foreach (var wallet in rows) await WriteAsync("wallet", body => WalletJson.Write(body, runner.Scope, tenant, wallet));
                if (next == 0) return;
                after = next;
            }
        }

        private ValueTask WriteAsync(string type, Action<JsonBody> write)
        {
            _counts[type]++;
            var body = JsonBody.Start(Dialect.Concepts);
            body.Json.WriteStartObject();
            body.Json.WriteString("type"u8, type);
            body.Json.WritePropertyName(type);
            write(body);
            body.Json.WriteEndObject();
            return WriteAsync([.. body.Written(), (byte)'\n']);
        }

        private async ValueTask WriteAsync(byte[] line)
        {
            _hash.AppendData(line);
            var to = call.Http.Response.BodyWriter;
            to.Write(line);
            _unflushed += line.Length;
            if (_unflushed < FlushBytes) return;
            _unflushed = 0;
            if ((await to.FlushAsync(Ends)).IsCompleted) throw new OperationCanceledException();
        }
    }
}
