namespace PhoenixCore.Server.Events;

/// <summary>Streams that are open, by front. Any thread.</summary>
public sealed class SubscriberCount
{
    private int _rest;
    private int _grpc;

    public int Rest => Volatile.Read(ref _rest);

    public int Grpc => Volatile.Read(ref _grpc);

    /// <summary>Counts a stream until it is disposed.</summary>
    internal Held HoldRest() => new(this, isRest: true);

    /// <inheritdoc cref="HoldRest"/>
    internal Held HoldGrpc() => new(this, isRest: false);

    private void Add(bool isRest, int change) => Interlocked.Add(ref (isRest ? ref _rest : ref _grpc), change);

    internal readonly struct Held : IDisposable
    {
        private readonly SubscriberCount _of;
        private readonly bool _isRest;

        public Held(SubscriberCount of, bool isRest)
        {
            (_of, _isRest) = (of, isRest);
            of.Add(isRest, 1);
        }

        public void Dispose() => _of.Add(_isRest, -1);
    }
}
