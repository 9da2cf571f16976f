namespace PhoenixCore.Journal.Simulation;

/// <summary>A directory on a disk that forgets what was not synced, fails on demand and loses power at any call. One thread at a time.</summary>
/// <remarks>Sectors of 512 bytes; a directory's changes are pending until it is synced. What a sync has covered survives every crash.</remarks>
public sealed class SimulatedStorage : IJournalStorage
{
    private readonly Dictionary<string, SimulatedInode> _durable = [];
    private readonly Dictionary<string, SimulatedInode> _names = [];
    private readonly List<Action<Dictionary<string, SimulatedInode>>> _pending = [];
    private readonly Dictionary<(string Operation, int Nth), (int Errno, SyncFailure? Failure)> _faults = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly Lock _lock = new();
    private bool _locked;
    private bool _off;
    private bool _gone;
    private int _calls;

    public string Description => "simulated";

    /// <summary>Bytes that may still be added; a full disk answers ENOSPC.</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    /// <summary>Sees each call before it is made.</summary>
    public Action<StorageCall>? Watcher { get; set; }

    /// <summary>What happens around each call.</summary>
    public IDiskWeather? Weather { get; set; }

    /// <summary>The power goes off at the call with this number, before or after it takes effect.</summary>
    public int? CrashAtCall { get; set; }

    public bool CrashAfterEffect { get; set; }

    public int Calls => _calls;

    /// <summary>Names of the files, in order; behind everybody's back.</summary>
    public IReadOnlyList<string> Names => [.. _names.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The nth call of an operation from now on fails.</summary>
    public void Fail(string operation, int nth, int errno, SyncFailure? failure = null) =>
        _faults[(operation, _counts.GetValueOrDefault(operation) + nth)] = (errno, failure);

    public int CountOf(string operation) => _counts.GetValueOrDefault(operation);

    /// <summary>What the machine finds when the power is back.</summary>
    public SimulatedStorage Crash(CrashOutcome outcome, int seed) => Survivors(outcome, seed, inode => inode.Clone());

    /// <summary>As <see cref="Crash"/>, with the same files: whoever still uses this one gets errors from now on.</summary>
    public SimulatedStorage PowerCut(CrashOutcome outcome, int seed)
    {
        _gone = true;
        return Survivors(outcome, seed, inode => inode);
    }

    /// <summary>The process ended, the machine did not: the cache is as it was.</summary>
    public SimulatedStorage Restart()
    {
        var after = Copy();
        after._locked = false;
        return after;
    }

    /// <summary>As <see cref="Restart"/>, with the same files: whoever still uses this one gets errors from now on.</summary>
    public SimulatedStorage ProcessEnd()
    {
        _gone = true;
        var after = new SimulatedStorage { FreeBytes = FreeBytes };
        foreach (var (name, inode) in _names)
            after._names[name] = inode;
        foreach (var (name, inode) in _durable)
            after._durable[name] = inode;
        after._pending.AddRange(_pending);
        foreach (var inode in _names.Values)
            inode.ErrorPending = false; // a descriptor that is opened later does not get it
        return after;
    }

    /// <summary>An independent copy, for one more way to damage it.</summary>
    public SimulatedStorage Copy()
    {
        var copy = new SimulatedStorage { FreeBytes = FreeBytes };
        var inodes = new Dictionary<SimulatedInode, SimulatedInode>(ReferenceEqualityComparer.Instance);
        foreach (var (name, inode) in _names)
        {
            if (!inodes.TryGetValue(inode, out var clone))
                inodes[inode] = clone = inode.Clone();
            copy._names[name] = clone;
            copy._durable[name] = clone;
        }
        return copy;
    }

    /// <summary>The bytes of a file, to look at or to damage: cache and disk at once.</summary>
    public Span<byte> Raw(string name) => _names[name].Raw();

    /// <summary>The same, only to look at.</summary>
    public ReadOnlySpan<byte> Peek(string name) => _names[name].Peek();

    /// <summary>Changes bytes of cache and disk behind the journal's back.</summary>
    public void Damage(string name, long offset, ReadOnlySpan<byte> bytes) => _names[name].Damage(offset, bytes);

    /// <summary>The disk cannot read a sector any more.</summary>
    public void MakeUnreadable(string name, long offset) => _names[name].Unreadable.Add((int)(offset / SimulatedInode.SectorBytes));

    /// <summary>Every sector can be read again.</summary>
    public void MakeReadable()
    {
        foreach (var inode in _names.Values)
            inode.Unreadable.Clear();
    }

    /// <summary>Some dirty sectors reach the disk by themselves.</summary>
    public void WriteBack(int seed)
    {
        var random = new Random(seed);
        foreach (var name in Names)
            _names[name].WriteBack(random);
    }

    /// <summary>What the cache has and the disk does not although it was told to: where a lie or a failed sync left it.</summary>
    public IReadOnlyList<(string Name, long Offset, byte[] Bytes)> OnlyInCache()
    {
        var missing = new List<(string, long, byte[])>();
        foreach (var name in Names)
        {
            foreach (var sector in _names[name].Stale.Keys.Order())
                missing.Add((name, (long)sector * SimulatedInode.SectorBytes, _names[name].Cache.AsSpan(sector * SimulatedInode.SectorBytes, SimulatedInode.SectorBytes).ToArray()));
        }
        return missing;
    }

    /// <summary>Gives all memory back; nothing of this disk may be used any more.</summary>
    public void Recycle()
    {
        foreach (var inode in _names.Values.Concat(_durable.Values).Distinct<SimulatedInode>(ReferenceEqualityComparer.Instance))
            inode.Recycle();
        _names.Clear();
        _durable.Clear();
    }

    /// <summary>Cuts or lengthens a file behind the journal's back.</summary>
    public void SetLength(string name, long length)
    {
        _names[name].Truncate(length);
        _names[name].Sync();
    }

    public void Remove(string name)
    {
        _names.Remove(name);
        _durable.Remove(name);
    }

    /// <summary>Puts a file there behind the journal's back, or replaces one.</summary>
    public void Put(string name, ReadOnlySpan<byte> bytes)
    {
        var inode = new SimulatedInode();
        inode.Write(0, bytes);
        inode.Sync();
        _names[name] = _durable[name] = inode;
    }

    public bool Has(string name) => _names.ContainsKey(name);

    public IDisposable Lock(string name) => Call("flock", name, () =>
    {
        if (_locked)
            throw new JournalLockedException(Description);
        _locked = true;
        return new Held(this);
    });

    public IReadOnlyList<string> List() => Call<IReadOnlyList<string>>("list", ".", () => _names.Keys.Order(StringComparer.Ordinal).ToList());

    public IJournalFile Open(string name, JournalFileMode mode) => Call("open", name, () =>
    {
        if (mode is JournalFileMode.Create or JournalFileMode.CreateDirect)
        {
            var made = new SimulatedInode();
            Change(names => names[name] = made);
        }
        return _names.TryGetValue(name, out var inode)
            ? new SimulatedFile(this, inode, name)
            : throw new JournalIoException("open", name, 0, 2);
    });

    public void Rename(string from, string to) => Call("rename", from, () =>
    {
        if (!_names.TryGetValue(from, out var inode))
            throw new JournalIoException("rename", from, 0, 2);
        Change(names =>
        {
            // A rename that survives a creation that did not still names the file.
            names.Remove(from);
            names[to] = inode;
        });
        return 0;
    });

    public void Delete(string name) => Call("unlink", name, () =>
    {
        if (!_names.TryGetValue(name, out var inode))
            throw new JournalIoException("unlink", name, 0, 2);
        FreeBytes = FreeBytes == long.MaxValue ? FreeBytes : FreeBytes + inode.Length;
        Change(names => names.Remove(name));
        return 0;
    });

    public void SyncDirectory() => Call("fsync", ".", () =>
    {
        _pending.Clear();
        _durable.Clear();
        foreach (var (name, inode) in _names)
            _durable[name] = inode;
        return 0;
    });

    internal T Call<T>(string operation, string file, Func<T> effect)
    {
        if (Weather is { } weather && !_gone)
            return CallIn(weather, operation, file, effect);
        lock (_lock)
        {
            if (_gone)
                throw new JournalIoException(operation, file, 0, 5);
            if (_off)
                throw new SimulatedCrashException();
            var number = ++_calls;
            Watcher?.Invoke(new(number, operation, file));
            _off = CrashAtCall == number;
            if (_off && !CrashAfterEffect)
                throw new SimulatedCrashException();
            var nth = _counts[operation] = _counts.GetValueOrDefault(operation) + 1;
            if (_faults.TryGetValue((operation, nth), out var fault) && fault.Failure is null)
                throw new JournalIoException(operation, file, 0, fault.Errno);
            var result = effect();
            return _off ? throw new SimulatedCrashException() : result;
        }
    }

    internal int Sync(SimulatedInode inode, string operation, string file)
    {
        var late = inode.ErrorPending;
        inode.ErrorPending = false;
        if (late)
            throw new JournalIoException(operation, file, 0, 5);
        if (FaultOf(operation, file) is not { Failure: { } failure } fault)
        {
            inode.Sync();
            Weather?.Synced(file);
            return 0;
        }
        inode.FailSync(failure);
        if (failure is not (SyncFailure.ReportedLate or SyncFailure.NeverReported))
            throw new JournalIoException(operation, file, 0, fault.Errno);
        Weather?.Synced(file);
        return 0;
    }

    internal void TakeSpace(long bytes)
    {
        if (FreeBytes == long.MaxValue)
            return;
        if (bytes > FreeBytes)
            throw new JournalIoException("pwrite", "disk", 0, 28);
        FreeBytes -= bytes;
    }

    private T CallIn<T>(IDiskWeather weather, string operation, string file, Func<T> effect)
    {
        weather.Before(operation, file);
        if (_gone)
            throw new JournalIoException(operation, file, 0, 5); // the power went meanwhile
        _calls++;
        var isSync = operation is "fsync" or "fdatasync" or "msync" && file != ".";
        if (!isSync && weather.Fault(operation, file) is { } fault)
            throw new JournalIoException(operation, file, 0, fault.Errno);
        var result = effect();
        weather.After(operation, file);
        return result;
    }

    private (int Errno, SyncFailure? Failure)? FaultOf(string operation, string file)
    {
        if (Weather is { } weather)
            return weather.Fault(operation, file);
        return _faults.TryGetValue((operation, _counts[operation]), out var fault) ? fault : null;
    }

    private SimulatedStorage Survivors(CrashOutcome outcome, int seed, Func<SimulatedInode, SimulatedInode> survivorOf)
    {
        var random = new Random(seed);
        var inodes = new Dictionary<SimulatedInode, SimulatedInode>(ReferenceEqualityComparer.Instance);
        var names = new Dictionary<string, SimulatedInode>(_durable);
        foreach (var operation in _pending)
        {
            if (outcome == CrashOutcome.EverythingKept || (outcome == CrashOutcome.EachForItself && random.Next(2) == 0))
                operation(names);
        }
        var after = new SimulatedStorage { FreeBytes = FreeBytes };
        foreach (var (name, inode) in names.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!inodes.TryGetValue(inode, out var survivor))
            {
                inodes[inode] = survivor = survivorOf(inode);
                survivor.LosePower(outcome, random);
            }
            after._durable[name] = after._names[name] = survivor;
        }
        return after;
    }

    private void Change(Action<Dictionary<string, SimulatedInode>> operation)
    {
        operation(_names);
        _pending.Add(operation);
    }

    private sealed class Held(SimulatedStorage storage) : IDisposable
    {
        public void Dispose() => storage._locked = false;
    }
}
