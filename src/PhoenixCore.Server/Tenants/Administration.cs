using System.Globalization;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Tenants;

/// <summary>What operators do, for both fronts. Every action is in the journal, with actor and reason, before it takes effect. Any thread; one action at a time.</summary>
/// <remarks>Errors: <see cref="RefusedException"/>.</remarks>
/// <param name="removeWebhooks">Stops and forgets all webhooks of a tenant; completes when that is durable.</param>
public sealed class Administration(TenantRegistry tenants, ApiKeyStore keys, Func<TenantContext, Task> removeWebhooks, TimeProvider time)
{
    public const int OverlapSecondsDefault = 24 * 3_600;
    private const int OverlapSecondsMax = 30 * 24 * 3_600;
    private const long ExpirySecondsMax = 10L * 366 * 24 * 3_600;

    private readonly SemaphoreSlim _one = new(1, 1);

    public IReadOnlyList<TenantContext> Tenants => tenants.All;

    public TenantContext Find(string tenant) => tenants.Find(tenant) ?? throw new RefusedException(ApiResult.Of(LedgerResult.TenantNotFound));

    public IReadOnlyList<ApiKeyRecord> KeysOf(string tenant) => keys.Of(Find(tenant));

    /// <param name="name">Its id for ever: 1 to 64 of A–Z a–z 0–9 . _ -, the first a letter or digit.</param>
    public async Task<AdminAnswer<TenantContext>> CreateAsync(string name, AdminRequest request)
    {
        if (!IsName(name)) throw Invalid("a tenant's id has 1 to 64 characters of A-Z a-z 0-9 . _ - and begins with a letter or digit");
        return await OneAtATime(async () =>
        {
            // Under the number of the tenant that has the name the ledger refuses, or answers by the key that made it.
            var number = tenants.Find(name)?.Number ?? (uint)tenants.Count + 1;
            if (number > tenants.Count) tenants.Books.MakeKey(number);
            var outcome = await WriteAsync(Entry(number, AdminAction.None, request, name) with { Name = name }).ConfigureAwait(false);
            var made = outcome.IsDuplicate ? tenants.Books.NumberAt(outcome.Sequence) : number;
            return new AdminAnswer<TenantContext>(await tenants.LearnAsync(made).ConfigureAwait(false), outcome.IsDuplicate);
        }).ConfigureAwait(false);
    }

    /// <summary>No-op, but written down, when it is so already.</summary>
    public async Task<AdminAnswer<TenantContext>> SetSuspendedAsync(string name, bool suspended, AdminRequest request)
    {
        var tenant = Find(name);
        if (tenant == tenants.Default && suspended) throw Invalid("the operator's own tenant cannot be suspended");
        return await OneAtATime(async () =>
        {
            var outcome = await WriteAsync(Entry(tenant.Number, suspended ? AdminAction.TenantSuspended : AdminAction.TenantResumed, request)).ConfigureAwait(false);
            if (!outcome.IsDuplicate) tenant.IsSuspended = suspended;
            return new AdminAnswer<TenantContext>(tenant, outcome.IsDuplicate);
        }).ConfigureAwait(false);
    }

    /// <summary>Makes the texts of a suspended tenant unreadable for ever, revokes its keys, removes its webhooks; all of it is durable when this completes.</summary>
    public async Task<AdminAnswer<TenantContext>> EraseAsync(string name, AdminRequest request)
    {
        var tenant = Find(name);
        if (tenant == tenants.Default) throw Invalid("the operator's own tenant cannot be erased");
        if (string.IsNullOrWhiteSpace(request.Reason)) throw Invalid("reason is required: it stays when the texts are gone");
        return await OneAtATime(async () =>
        {
            var outcome = await tenants.Books.WriteAsync(Entry(tenant.Number, AdminAction.TenantErased, request)).ConfigureAwait(false);
            // Whoever asks again also finishes what a full disk, say, had left undone.
            if (outcome.Result is LedgerResult.Accepted or LedgerResult.TenantErased) await FinishErasureAsync(tenant).ConfigureAwait(false);
            return outcome.Result == LedgerResult.Accepted ? new AdminAnswer<TenantContext>(tenant, outcome.IsDuplicate) : throw new RefusedException(ApiResult.Of(outcome.Result));
        }).ConfigureAwait(false);
    }

    /// <summary>At the start: what a crash left of an erased tenant goes.</summary>
    public async Task FinishErasuresAsync()
    {
        foreach (var tenant in tenants.All.Where(tenant => tenant.IsErased)) await FinishErasureAsync(tenant).ConfigureAwait(false);
    }

    public async Task<AdminAnswer<MintedKey>> CreateKeyAsync(string name, NewKey wanted, AdminRequest request)
    {
        var tenant = Find(name);
        var scopes = ScopesOf(tenant, wanted.Scopes);
        var expiresAt = ExpiryOf(wanted);
        return await OneAtATime(async () =>
        {
            var asked = string.Join('\n', wanted.Scopes.Append(wanted.Name ?? "").Append(wanted.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture) ?? "").Append(wanted.ExpiresIn.ToString(CultureInfo.InvariantCulture)));
            return await MintAsync(tenant, Entry(tenant.Number, AdminAction.KeyCreated, request, asked), scopes, wanted.Name, expiresAt).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>A new key with the old one's scopes, name and end; the old one goes on for the overlap.</summary>
    public async Task<AdminAnswer<MintedKey>> RotateKeyAsync(string name, string keyId, int overlapSeconds, AdminRequest request)
    {
        if (overlapSeconds is < 0 or > OverlapSecondsMax) throw Invalid($"overlap_seconds must be 0 to {OverlapSecondsMax}");
        var tenant = Find(name);
        var old = RecordOf(tenant, keyId);
        if (old.RevokedAt != null) throw new RefusedException(ApiResult.KeyNotActive);
        return await OneAtATime(async () =>
        {
            var entry = Entry(tenant.Number, AdminAction.KeyRotated, request, $"{keyId}\n{overlapSeconds}") with { Reference = keyId };
            var minted = await MintAsync(tenant, entry, ScopesOf(tenant, old.Scopes), old.Name, old.ExpiresAt).ConfigureAwait(false);
            keys.End(old, time.GetUtcNow().AddSeconds(overlapSeconds), isRevoked: false);
            return minted;
        }).ConfigureAwait(false);
    }

    /// <summary>In force when this completes, for open connections and for tokens that were issued to the key too.</summary>
    public async Task<AdminAnswer<ApiKeyRecord>> RevokeKeyAsync(string name, string keyId, AdminRequest request)
    {
        var tenant = Find(name);
        var record = RecordOf(tenant, keyId);
        return await OneAtATime(async () =>
        {
            var outcome = await WriteAsync(Entry(tenant.Number, AdminAction.KeyRevoked, request, keyId) with { Name = keyId }).ConfigureAwait(false);
            return new AdminAnswer<ApiKeyRecord>(keys.End(record, time.GetUtcNow(), isRevoked: true), outcome.IsDuplicate);
        }).ConfigureAwait(false);
    }

    private async Task FinishErasureAsync(TenantContext tenant)
    {
        tenants.Books.Erase(tenant);
        keys.EndAll(tenant, time.GetUtcNow());
        await removeWebhooks(tenant).ConfigureAwait(false);
    }

    internal Task NoteExportAsync(TenantContext tenant, AdminRequest request) => WriteAsync(Entry(tenant.Number, AdminAction.TenantExported, request));

    /// <summary>The journal first: a repetition finds there which key was meant, and makes it when the first try did not get that far.</summary>
    private async Task<AdminAnswer<MintedKey>> MintAsync(TenantContext tenant, AdminEntry entry, Scope scopes, string? label, DateTimeOffset? expiresAt)
    {
        var keyId = ApiKey.NewId();
        var outcome = await WriteAsync(entry with { Name = keyId }).ConfigureAwait(false);
        if (outcome.IsDuplicate) keyId = tenants.Books.FindText(outcome.Sequence, ExtraTag.Name).Text ?? throw new InvariantBrokenException("a key's fact does not name it");
        if (keys.FindRecord(tenant, keyId) is { } known) return new AdminAnswer<MintedKey>(new MintedKey(known, null), IsReplay: true);
        var (record, text) = keys.Mint(tenant, keyId, scopes, label, expiresAt);
        return new AdminAnswer<MintedKey>(new MintedKey(record, text), IsReplay: false);
    }

    private async Task<AdminOutcome> WriteAsync(AdminEntry entry)
    {
        var outcome = await tenants.Books.WriteAsync(entry).ConfigureAwait(false);
        return outcome.Result == LedgerResult.Accepted ? outcome : throw new RefusedException(ApiResult.Of(outcome.Result));
    }

    private AdminEntry Entry(uint tenant, AdminAction action, AdminRequest request, string asked = "")
    {
        if (request.Reason is { Length: > RequestLimits.TextMax }) throw Invalid($"reason must have at most {RequestLimits.TextMax} characters");
        // Hashed twice: no key of a command can be the hash of another key and a word.
        (ulong, ulong)? key = request.Key is null ? null : HashOf($"admin\n{HashOf(request.Key)}");
        var fingerprint = HashOf($"{action}\n{(action == AdminAction.None ? null : tenants.Find(tenant)?.Name)}\n{asked}\n{request.Reason}").Lo;
        return new AdminEntry(tenant, action, request.By.KeyId, request.Reason, key, fingerprint);
    }

    private (ulong Lo, ulong Hi) HashOf(string text) => tenants.Default.Hash(Encoding.UTF8.GetBytes(text));

    private ApiKeyRecord RecordOf(TenantContext tenant, string keyId) => keys.FindRecord(tenant, keyId) ?? throw new RefusedException(ApiResult.KeyNotFound);

    private DateTimeOffset? ExpiryOf(NewKey wanted)
    {
        if (wanted.ExpiresAt != null && wanted.ExpiresIn != 0) throw Invalid("expires_at and expires_in exclude each other");
        var now = time.GetUtcNow();
        if (wanted.ExpiresIn != 0) return wanted.ExpiresIn is > 0 and <= ExpirySecondsMax ? now.AddSeconds(wanted.ExpiresIn) : throw Invalid("expires_in must be seconds, at least 1 and at most ten years");
        return wanted.ExpiresAt is null || (wanted.ExpiresAt > now && wanted.ExpiresAt <= now.AddSeconds(ExpirySecondsMax)) ? wanted.ExpiresAt : throw Invalid("expires_at lies in the past, or more than ten years ahead");
    }

    private Scope ScopesOf(TenantContext tenant, IReadOnlyList<string>? names)
    {
        if (names is null) return tenant == tenants.Default ? Scope.Tenant | Scope.Admin : Scope.Tenant;
        var scopes = Scope.None;
        foreach (var name in names) scopes |= ScopeNames.TryParse(name, out var scope) ? scope : throw Invalid($"scopes are {string.Join(", ", ScopeNames.All.Order(StringComparer.Ordinal))}");
        if (scopes == Scope.None) throw Invalid("a key needs scopes");
        if ((scopes & Scope.Admin) != 0 && tenant != tenants.Default) throw Invalid($"only keys of the tenant {TenantRegistry.DefaultName} can have the scope admin");
        return scopes;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static RefusedException Invalid(string why) => new(ApiResult.Invalid(why));

    private async Task<T> OneAtATime<T>(Func<Task<T>> action)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            return await action().ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }
}
